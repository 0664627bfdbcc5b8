namespace Portunus.Nodes.Wic;

/// <summary>Where a client's access token comes from.</summary>
interface ITokenSource
{
    /// <summary>Whether another can be had after the first.</summary>
    bool CanRenew { get; }

    /// <summary>The first, or the next, each with its steps.</summary>
    /// <exception cref="RefusedException">There is none; the sentence says why.</exception>
    Task<AccessGrant> FetchAsync(CancellationToken stop);

    /// <summary>Gives back what was taken; nothing where nothing was.</summary>
    /// <param name="last">The newest token.</param>
    /// <param name="stop">Ends the wait.</param>
    Task EndAsync(AccessGrant last, CancellationToken stop);
}
