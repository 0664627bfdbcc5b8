using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Server.Configuration;

/// <summary>Certification authorities out of a PEM file: whom they certified is believed.</summary>
sealed record Authorities(IReadOnlyList<X509Certificate2> Certificates)
{
    public static IReadOnlyList<X509Certificate2> Of(Authorities? some) => some?.Certificates ?? [];

    /// <exception cref="FormatException">The file holds none.</exception>
    public static Authorities Read(string file)
    {
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{file} cannot be read as certificates in PEM.", e);
        }

        return read.Count > 0 ? new([.. read]) : throw new FormatException($"{file} holds no certificate in PEM.");
    }
}
