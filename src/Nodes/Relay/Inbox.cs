namespace Portunus.Nodes.Relay;

