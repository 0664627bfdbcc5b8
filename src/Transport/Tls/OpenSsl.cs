using System.Runtime.InteropServices;

namespace Portunus.Transport.Tls;

/// <summary>The system's OpenSSL 3: whether it is there, and what its errors say.</summary>
public static class OpenSsl
{
    static readonly Lazy<string?> Problem = new(() => ProblemWith(LibSsl.Name, LibCrypto.Name));

    /// <summary>For the start of a listener that needs it.</summary>
    /// <exception cref="OpenSslException">It is not there; the message says what to install.</exception>
    public static void Require()
    {
        if (Problem.Value is { } problem) throw new OpenSslException(problem);
    }

    /// <summary>What a number of <see cref="SecureSession.ErrorNumber"/> means, in OpenSSL's words; for a log.</summary>
    public static string Describe(ulong errorNumber)
    {
        if (errorNumber == 0) return "no reason was given";
        return Marshal.PtrToStringUTF8(LibCrypto.ERR_reason_error_string(new CULong((nuint)errorNumber))) ?? $"error {errorNumber:x}";
    }

    internal static string? ProblemWith(string ssl, string crypto)
    {
        foreach (var name in (ReadOnlySpan<string>)[crypto, ssl])
        {
            // Never freed: the imports find it already loaded.
            if (!NativeLibrary.TryLoad(name, out _))
                return $"TLS and DTLS need OpenSSL 3, and {name} was not found; install libssl3 (Debian: apt install libssl3).";
        }

        return null;
    }

    /// <summary>Takes what the queue of this thread holds: the number of its first error, 0 when there is none.</summary>
    internal static ulong TakeError()
    {
        var number = LibCrypto.ERR_peek_error().Value;
        LibCrypto.ERR_clear_error();
        return number;
    }
}

/// <summary>OpenSSL is not there, or refuses what an operator gave it; the message is one sentence for them.</summary>
public sealed class OpenSslException(string message) : Exception(message);
