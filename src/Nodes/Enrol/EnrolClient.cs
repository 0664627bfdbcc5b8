using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Portunus.Nodes.Enrol;

/// <summary>What a node gets when it enrols.</summary>
/// <param name="Certificate">PEM.</param>
/// <param name="Key">PEM; never left this process.</param>
/// <param name="Authority">PEM.</param>
public sealed record Enrolled(string Certificate, string Key, string Authority)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => "an enrolled node";
}

/// <summary>The node's side of enrolment.</summary>
public static class EnrolClient
{
    const int MostBytes = 64 * 1024;

    /// <summary>Draws a key, and has its public half certified.</summary>
    /// <exception cref="RefusedException">Nobody answers, it is not who the code names, or the code is not good.</exception>
    public static async Task<Enrolled> EnrolAsync(EnrolmentCode code, Uri url, CancellationToken stop)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={code.Name}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var isKnown = true;
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        // By its fingerprint alone: the code says whom we mean, and its own name and authority say nothing yet.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => isKnown = shown is not null
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(EnrolmentCode.FingerprintOf(shown.GetRawCertData())),
                Encoding.ASCII.GetBytes(code.Fingerprint));
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(15), MaxResponseContentBufferSize = MostBytes };
        try
        {
            using var response = await http.PostAsJsonAsync(
                new Uri(url, EnrolNode.Path), new(code.Name, code.Secret, request), EnrolJson.Default.EnrolRequest, stop);
            if (!response.IsSuccessStatusCode) throw new RefusedException(Sentence((int)response.StatusCode));
            var answer = await response.Content.ReadFromJsonAsync(EnrolJson.Default.EnrolAnswer, stop);
            return answer is { Certificate: { } certificate, Authority: { } authority } && IsOurs(certificate, key, code.Name)
                ? new(certificate, key.ExportPkcs8PrivateKeyPem() + "\n", authority)
                : throw new RefusedException("The authority's answer is no certificate for this node; ask its operator.");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            throw new RefusedException(
                isKnown
                    ? $"The authority at {url} cannot be reached; write where portunus enrol serve listens."
                    : $"Who answers at {url} is not the authority of this code; nothing was sent to it.",
                e);
        }
    }

    static string Sentence(int status) => status switch
    {
        403 => "The code is not good: it was used, it has ended, or it is for another name; ask for a new one.",
        429 => "The authority has seen too many wrong codes; try again in a minute.",
        _ => $"The authority answered {status}; is this the address of portunus enrol serve?",
    };

    static bool IsOurs(string pem, ECDsa key, string name)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            using var shown = certificate.GetECDsaPublicKey();
            return shown is not null
                && shown.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo())
                && certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
