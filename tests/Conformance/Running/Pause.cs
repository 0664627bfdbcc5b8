namespace Portunus.Tests.Conformance.Running;

/// <summary>The server's own time must pass: for checks of lifetimes, which run only where <c>--slow</c> asks for them.</summary>
static class Pause
{
    public static void For(TimeSpan time) => Thread.Sleep(time);
}
