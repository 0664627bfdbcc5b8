namespace Portunus.Tests.Interop.Ims.Diameter;

/// <summary>What a message is about: of the base protocol (RFC 6733 §3.1) and of Cx (TS 29.229 §6.1).</summary>
enum DiameterCommand : uint
{
    CapabilitiesExchange = 257,
    DeviceWatchdog = 280,
    DisconnectPeer = 282,
    UserAuthorization = 300,
    ServerAssignment = 301,
    LocationInfo = 302,
    MultimediaAuth = 303,
    RegistrationTermination = 304,
}
