namespace Portunus.Nodes.Wic;

/// <summary>Who turns the pages of a login.</summary>
interface ILoginPages
{
    /// <summary>Whether it can be done again without a person.</summary>
    bool CanRepeat { get; }

    /// <summary>Goes from an authorization request to where the WAF leads at last.</summary>
    /// <param name="request">Of the code flow.</param>
    /// <param name="redirect">Where it leads at last, but for the query.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>The redirect URI with its query.</returns>
    /// <exception cref="RefusedException">It leads elsewhere.</exception>
    Task<Uri> TurnAsync(Uri request, Uri redirect, CancellationToken stop);
}
