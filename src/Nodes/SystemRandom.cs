using System.Security.Cryptography;
using Portunus.Bedrock;

namespace Portunus.Nodes;

/// <summary>
/// The system's generator, drawn in chunks so that a machine that needs a few bytes at a time does not pay a call for
/// each. One per machine: not for use by two threads. Bytes handed out are erased here.
/// </summary>
public sealed class SystemRandom : IRandom
{
    // 64 transaction ids, or 16 keys: large enough to make the call rare, small enough to hold no stock of secrets.
    readonly byte[] _chunk = new byte[1024];
    int _left;

    public void Fill(Span<byte> destination)
    {
        if (destination.Length > _chunk.Length / 2)
        {
            RandomNumberGenerator.Fill(destination);
            return;
        }

        if (_left < destination.Length)
        {
            RandomNumberGenerator.Fill(_chunk);
            _left = _chunk.Length;
        }

        _left -= destination.Length;
        var taken = _chunk.AsSpan(_left, destination.Length);
        taken.CopyTo(destination);
        taken.Clear();
    }
}
