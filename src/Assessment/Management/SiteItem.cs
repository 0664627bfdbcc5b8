namespace Portunus.Assessment.Management;

/// <summary>What a node is configured with for TURN credentials.</summary>
enum ItemKind
{
    /// <summary>A key that another node has, too.</summary>
    Secret,

    /// <summary>A certificate of the node's own, with its private key.</summary>
    Certificate,

    /// <summary>A certification authority that it believes.</summary>
    Root,

    /// <summary>Another node, or a pattern of nodes, that it lets in or makes credentials for.</summary>
    Name,

    /// <summary>Where it reaches another node.</summary>
    Address,
}

/// <summary>One entry of a node's configuration; without the secret itself.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Tells it from its neighbours, and changes with it.</param>
readonly record struct SiteItem(ItemKind Kind, string Text);
