using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Portunus.Nodes.Agent;

/// <summary>The lines of a stream, each bounded.</summary>
static class Lines
{
    /// <summary>Each line without its line feed, until the stream ends.</summary>
    /// <exception cref="IOException">A line is too long, or the stream broke.</exception>
    public static async IAsyncEnumerable<byte[]> ReadAsync(
        Stream stream, int longest, [EnumeratorCancellation] CancellationToken stop)
    {
        var reader = PipeReader.Create(stream, new(bufferSize: 64 * 1024, leaveOpen: true));
        // Of what is there, so much was searched before.
        var searched = 0L;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(stop);
                var rest = read.Buffer;
                while (rest.Slice(searched).PositionOf((byte)'\n') is { } end)
                {
                    searched = 0;
                    var line = rest.Slice(0, end).ToArray();
                    rest = rest.Slice(rest.GetPosition(1, end));
                    yield return line;
                }

                if (rest.Length > longest) throw new IOException("A line is longer than it may be.");
                searched = rest.Length;
                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted) yield break;
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }
}
