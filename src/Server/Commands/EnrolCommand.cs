using System.CommandLine;
using System.Globalization;
using System.Net;
using Portunus.Nodes;
using Portunus.Nodes.Enrol;

namespace Portunus.Server.Commands;

/// <summary>
/// <c>portunus enrol</c>: an authority for an operator's nodes, and certificates for them by a code that is good once. To add a
/// TURN server is a code and a certificate, and touches no WAF and no edge.
/// </summary>
static class EnrolCommand
{
    static readonly Option<string> Data = Flag.One("--data", "DIR", "The authority's folder; its key stays in it.", Flag.Text);

    static readonly Option<string> Name = Flag.One(
        "--name", "NAME", "What the node's certificate names: for a TURN server its serverName.", ReadName);

    static readonly Option<int> Minutes = Flag.One(
        "--minutes", "N", "How long the code is good.", ReadMinutes, () => 60);

    static readonly Option<IPEndPoint> Listen = Flag.One(
        "--listen", "IP:PORT", "Where nodes enrol.", text => WicFlags.ReadAddress(text).ToIPEndPoint());

    static readonly Option<Uri> Url = Flag.One("--url", "URL", "Where portunus enrol serve listens.", ReadUrl);

    static readonly Option<string> Out = Flag.One(
        "--out", "DIR", "Takes NAME.pem, NAME-key.pem and operator-ca.pem; none may be there.", Flag.Text);

    static readonly Argument<string> Code = new("CODE")
    {
        Description = "What portunus enrol invite printed: @FILE, env:NAME, or the code itself.",
    };

    public static Command Create()
    {
        var ca = new Command("ca", "Make an authority: its certificate, operator-ca.pem, is what every node believes.") { Data };
        ca.SetAction(line =>
        {
            OperatorAuthority.Create(line.GetRequiredValue(Data), "Operator", TimeProvider.System);
            Console.WriteLine(Path.Combine(line.GetRequiredValue(Data), OperatorAuthority.CertificateName));
            return CommandLine.Success;
        });
        var invite = new Command("invite", "Print a code for one node, good once.") { Data, Name, Minutes };
        invite.SetAction(Invite);
        var serve = new Command("serve", "Answer nodes that enrol, until Ctrl-C.") { Data, Listen };
        serve.SetAction((line, _) => ServeAsync(line));
        var join = new Command("join", "Draw a key, and have it certified by a code.") { Code, Url, Out };
        join.SetAction(JoinAsync);
        return new("enrol", "Certificates for TURN servers, edges and WAFs of one operator.") { ca, invite, serve, join };
    }

    static int Invite(ParseResult line)
    {
        using var authority = OperatorAuthority.Open(line.GetRequiredValue(Data), TimeProvider.System);
        var code = EnrolmentCode.Draw(line.GetRequiredValue(Name), authority.Fingerprint);
        authority.Invitations.Add(code, TimeSpan.FromMinutes(line.GetValue(Minutes)));
        Console.WriteLine(code.Text);
        return CommandLine.Success;
    }

    static async Task<int> ServeAsync(ParseResult line)
    {
        using var stop = new Stop();
        using var authority = OperatorAuthority.Open(line.GetRequiredValue(Data), TimeProvider.System);
        using var logs = Logs.ToStandardError();
        await using var node = await EnrolNode.StartAsync(line.GetRequiredValue(Listen), authority, logs.Factory, TimeProvider.System);
        Console.WriteLine($"listening enrol {node.Address}");
        Console.WriteLine("ready");
        await stop.Task;
        return CommandLine.Success;
    }

    static async Task<int> JoinAsync(ParseResult line, CancellationToken stop)
    {
        // Good once and for minutes: that it stands on a command line deserves no warning.
        var text = SecretText.Read("CODE", line.GetRequiredValue(Code), _ => { });
        if (!EnrolmentCode.TryParse(text, out var code))
            throw new WrongUsageException("This is no code; write what portunus enrol invite printed.");
        var folder = line.GetRequiredValue(Out);
        // Before the code is used up.
        foreach (var file in new[] { $"{code.Name}.pem", $"{code.Name}-key.pem", OperatorAuthority.CertificateName })
            if (File.Exists(Path.Combine(folder, file)))
                throw new RefusedException($"{file} is in {folder} already; name another folder.");
        var enrolled = await EnrolClient.EnrolAsync(code, line.GetRequiredValue(Url), stop);
        PrivateFiles.Write(folder, $"{code.Name}-key.pem", enrolled.Key);
        PrivateFiles.Write(folder, $"{code.Name}.pem", enrolled.Certificate);
        PrivateFiles.Write(folder, OperatorAuthority.CertificateName, enrolled.Authority);
        Console.WriteLine(Path.Combine(folder, $"{code.Name}.pem"));
        return CommandLine.Success;
    }

    static string ReadName(string text) => EnrolmentCode.IsName(text)
        ? text
        : throw new FormatException($"'{text}' is not the name of a host; write one in small letters, like turn1.example.net.");

    static int ReadMinutes(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= 24 * 60
            ? minutes
            : throw new FormatException($"'{text}' is not a time; write minutes from 1 to {24 * 60}.");

    static Uri ReadUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "https", Query: "" }
            ? uri
            : throw new FormatException($"'{text}' is no https URL; write one like https://ca.example.net:8448.");
}
