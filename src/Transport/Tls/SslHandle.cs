using System.Runtime.InteropServices;

namespace Portunus.Transport.Tls;

/// <summary>An SSL, with the wire that its BIO reads and writes: freed together, the SSL first.</summary>
sealed unsafe class SslHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    public Wire* Wire { get; private set; }

    /// <summary>False when there is no memory for it.</summary>
    public bool TryAttach(int most, bool isDatagrams)
    {
        var wire = Tls.Wire.New(most, isDatagrams);
        var bio = WireBio.New(wire);
        if (bio == 0)
        {
            Tls.Wire.Free(wire);
            return false;
        }

        Wire = wire;
        // One BIO for both ways counts as one reference, which now is the SSL's.
        LibSsl.SSL_set_bio(this, bio, bio);
        return true;
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_free(handle);
        if (Wire != null) Tls.Wire.Free(Wire);
        return true;
    }
}
