using System.IO.MemoryMappedFiles;

namespace Portunus.Fuzz.Engine;

/// <summary>What a child process runs at the moment, in a file that both map: it stays when native code ends the process.</summary>
sealed class LastInput : IDisposable
{
    const int HeaderLength = 32;
    const int Size = 8 * 1024 * 1024;

    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;

    public LastInput(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Size);
        _view = _file.CreateViewAccessor();
    }

    public long Runs => _view.ReadInt64(0);

    public int Kept => _view.ReadInt32(8);

    public int Seen => _view.ReadInt32(12);

    public void Write(Campaign campaign, IReadOnlyList<Step> steps)
    {
        var file = Step.Write(steps);
        _view.Write(16, 0);
        _view.WriteArray(HeaderLength, file, 0, Math.Min(file.Length, Size - HeaderLength));
        _view.Write(16, file.Length);
        _view.Write(8, campaign.Kept);
        _view.Write(12, campaign.Seen);
        _view.Write(0, campaign.Runs);
    }

    public byte[] Read()
    {
        var file = new byte[Math.Clamp(_view.ReadInt32(16), 0, Size - HeaderLength)];
        _view.ReadArray(HeaderLength, file, 0, file.Length);
        return file;
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
