using System.Net;

namespace Portunus.Nodes.Wic;

/// <summary>
/// A person signs in with a browser, which comes back to a port of this machine (RFC 8252 §7.3): the client sees no password.
/// </summary>
/// <param name="show">Is given the address to open.</param>
/// <param name="timeline">Is told each step.</param>
sealed class BrowserLogin(Action<Uri> show, Timeline timeline) : ILoginPages
{
    static readonly byte[] Thanks = "Signed in; go back to the terminal.\n"u8.ToArray();

    // A person looks for a password.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public bool CanRepeat => false;

    public Task<Uri> TurnAsync(Uri request, Uri redirect, CancellationToken stop) => timeline.StepAsync(
        "login", () => WaitAsync(request, redirect, stop), _ => "by a browser");

    async Task<Uri> WaitAsync(Uri request, Uri redirect, CancellationToken stop)
    {
        using var listener = new HttpListener();
        listener.Prefixes.Add(redirect.GetLeftPart(UriPartial.Authority) + "/");
        try
        {
            listener.Start();
        }
        catch (HttpListenerException e)
        {
            throw new RefusedException($"The port of --waf-redirect {redirect} cannot be had: {e.Message.TrimEnd('.')}.", e);
        }

        show(request);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync().WaitAsync(patience.Token);
                var isBack = context.Request.Url is { } back && back.AbsolutePath == redirect.AbsolutePath;
                // A browser asks for an icon, too.
                context.Response.StatusCode = isBack ? 200 : 404;
                context.Response.ContentType = "text/plain";
                if (isBack) await context.Response.OutputStream.WriteAsync(Thanks, patience.Token);
                context.Response.Close();
                if (isBack) return new(redirect, context.Request.Url!.PathAndQuery);
            }
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new RefusedException($"Nobody signed in within {Patience.TotalMinutes:0} minutes.", e);
        }
    }
}
