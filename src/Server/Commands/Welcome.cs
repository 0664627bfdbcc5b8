using Portunus.Nodes.Loopback;

namespace Portunus.Server.Commands;

/// <summary>
/// What <c>up</c> prints when it serves: the listeners, who can sign in, what to do next, and the line that scripts wait for.
/// </summary>
static class Welcome
{
    public static void Print(LoopbackSystem system, IReadOnlyList<DemoSubscriber> subscribers, DataFolder data, TextWriter output)
    {
        foreach (var (protocol, endPoint) in system.Listeners) output.WriteLine($"listening {protocol} {endPoint}");
        if (!system.HasIPv6) output.WriteLine("This machine has no ::1; 127.0.0.1 alone is served.");
        if (data.IsKept) output.WriteLine($"data in {Path.GetFullPath(data.Path)}");
        output.WriteLine();
        foreach (var subscriber in subscribers)
            output.WriteLine(subscriber.IsDrawn ? $"  {subscriber,-8} password {subscriber.Password}" : $"  {subscriber}");
        output.WriteLine();
        output.WriteLine($"Open {system.Page} in two browser windows, sign in as one of them in each, and call.");
        output.WriteLine("Each signs in by SIP Digest, not AKA (scenario 1), or at the WAF (2); a guest (3) needs no name.");
        output.WriteLine("Over HTTPS a browser asks once whether to trust the generated certificate. Ctrl-C ends it all.");
        // Not the URI as text, which leaves out a port that the scheme has anyway.
        output.WriteLine($"ready http://localhost:{system.Page.Port}/");
        output.Flush();
    }
}
