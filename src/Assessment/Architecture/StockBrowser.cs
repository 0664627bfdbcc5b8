using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portunus.Assessment.Architecture;

/// <summary>Chromium, where this machine has it, with a page that asks for a relay candidate and nothing else.</summary>
static class StockBrowser
{
    static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Gathers under <c>iceTransportPolicy: relay</c>: a candidate is a relay's, or there is none.</summary>
    const string Page = """
        <!doctype html><script type="module">
        const say = text => fetch("/said", { method: "POST", body: text });
        try {
          const server = await (await fetch("/server")).json();
          const peer = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: "relay" });
          let relay = "";
          peer.onicecandidate = event => {
            if (event.candidate?.type === "relay") relay = event.candidate.candidate;
            if (relay || !event.candidate) say(relay ? "relay" : "no relay candidate");
          };
          peer.createDataChannel("x");
          await peer.setLocalDescription();
        } catch (error) { say("refused: " + error); }
        </script>
        """;

    public static async Task<Trial> TryAsync(IPEndPoint server, PlainCredential credential, CancellationToken stop)
    {
        if (Programs.FirstOrDefault(File.Exists) is not { } program)
            return new(null, "not tried: this machine has no Chromium");
        var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await StartAsync(server, credential, said);
        var profile = Directory.CreateTempSubdirectory("portunus-assess-browser-").FullName;
        using var browser = Process.Start(new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            ArgumentList =
            {
                // Its sandbox does not start for root; the page is our own.
                "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--allow-loopback-in-peer-connection", $"--user-data-dir={profile}",
                site.Urls.First(),
            },
        })!;
        _ = browser.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = browser.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            var answer = await said.Task.WaitAsync(Patience, stop);
            return new(answer == "relay", $"Chromium: {answer}");
        }
        catch (TimeoutException)
        {
            return new(null, $"not tried: Chromium said nothing within {Patience.TotalSeconds:0} s");
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
            await browser.WaitForExitAsync(CancellationToken.None);
            TryDelete(profile);
        }
    }

    static async Task<WebApplication> StartAsync(IPEndPoint server, PlainCredential credential, TaskCompletionSource<string> said)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "portunus" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var site = builder.Build();
        var json = JsonSerializer.Serialize(new
        {
            urls = $"turn:{server}?transport=udp", username = credential.Username, credential = credential.Password,
        });
        site.Run(async context =>
        {
            if (context.Request.Path == "/said")
            {
                using var reader = new StreamReader(context.Request.Body);
                said.TrySetResult(await reader.ReadToEndAsync());
                return;
            }

            var isServer = context.Request.Path == "/server";
            context.Response.ContentType = isServer ? "application/json" : "text/html; charset=utf-8";
            await context.Response.WriteAsync(isServer ? json : Page);
        });
        await site.StartAsync();
        return site;
    }

    static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A child of the browser may write its last words yet; the system clears its folder for such files.
        }
    }
}
