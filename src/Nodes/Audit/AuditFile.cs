using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Nodes.Audit;

/// <summary>
/// The audit as a file of JSON lines, which only grows; to rotate it, rename it and call <see cref="Reopen"/>. Written by one
/// thread of its own: no worker waits for a disk. What the disk cannot take is left out, counted, and told in the file.
/// </summary>
public sealed class AuditFile : IAudit, IDisposable
{
    // All that lives on two full workers may end at once.
    const int MostWaiting = 131072;

    // So that a backlog is not held twice in memory.
    const int MostAtOnce = 4096;

    static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    readonly Channel<(Instant At, TurnAudit? What)> _waiting = Channel.CreateBounded<(Instant, TurnAudit?)>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    readonly ArrayBufferWriter<byte> _lines = new();
    readonly string _path;
    readonly ILogger _log;
    readonly Thread _writer;
    FileStream? _file;
    Instant? _complained;
    bool _isTorn;
    long _lost;
    long _told;
    long _telling;
    long _written;
    volatile bool _reopen;

    AuditFile(string path, ILogger log)
    {
        (_path, _log, _file) = (path, log, OpenFile(path));
        _writer = new Thread(WriteAll) { Name = "Audit", IsBackground = true };
        _writer.Start();
    }

    /// <summary>Events that stand in the file.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Events that could not be written.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <param name="path">Made when it is not there, for its owner and group; else what is there stays.</param>
    /// <param name="log">Where it is said when writing fails later.</param>
    /// <exception cref="RefusedException">The file cannot be written.</exception>
    public static AuditFile Open(string path, ILogger log)
    {
        try
        {
            return new(path, log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RefusedException($"The audit file {path} cannot be written; name one in a folder of this user.", e);
        }
    }

    public void Record(Instant now, TurnAudit what)
    {
        if (!_waiting.Writer.TryWrite((now, what))) Interlocked.Increment(ref _lost);
    }

    /// <summary>Goes on in a file of the same name, made if it is not there any more. Returns at once.</summary>
    public void Reopen()
    {
        _reopen = true;
        // Without an event, to wake the writer.
        _waiting.Writer.TryWrite((SystemClock.Now, null));
    }

    /// <summary>Writes what waits, for two seconds at most.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _writer.Join(TimeSpan.FromSeconds(2));
    }

    void WriteAll()
    {
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var count = 0;
            _lines.ResetWrittenCount();
            while (count < MostAtOnce && _waiting.Reader.TryRead(out var next))
            {
                if (next.What is not { } what) continue;
                if (count++ == 0) TellLost(next.At);
                AuditJson.Write(_lines, next.At, what);
            }

            Write(count);
        }

        _file?.Dispose();
    }

    void TellLost(Instant now)
    {
        var lost = Lost;
        if (_isTorn) _lines.Write("\n"u8);
        _telling = lost;
        if (lost != _told) AuditJson.WriteLost(_lines, now, lost - _told);
    }

    void Write(int count)
    {
        try
        {
            if (_reopen) Close();
            _file ??= OpenFile(_path);
            // What is written in part stays so; the next line must not be joined to it.
            _isTorn = count > 0 || _isTorn;
            _file.Write(_lines.WrittenSpan);
            _isTorn = count == 0 && _isTorn;
            if (count > 0) _told = _telling;
            Interlocked.Add(ref _written, count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Interlocked.Add(ref _lost, count);
            Close();
            Complain(e);
        }
    }

    void Close()
    {
        _reopen = false;
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // The same disk, said already.
        }

        _file = null;
    }

    void Complain(Exception e)
    {
        var now = SystemClock.Now;
        if (_complained is { } last && now < last + Silence) return;
        _complained = now;
        RelayLog.AuditFailed(_log, _path, e.Message, Lost);
    }

    static FileStream OpenFile(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        return new(path, options);
    }
}
