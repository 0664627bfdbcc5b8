using System.Runtime.InteropServices;

namespace Portunus.Transport.Tls;

/// <summary>One reference to an SSL_CTX; each session has another of its own.</summary>
sealed class SslContextHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }
}
