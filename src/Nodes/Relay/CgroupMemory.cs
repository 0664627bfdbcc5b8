using System.Globalization;

namespace Portunus.Nodes.Relay;

/// <summary>The memory of the control groups that the process is in, of either version of Linux's cgroups.</summary>
sealed class CgroupMemory
{
    // Beyond it, a number means none: version 1 has no word for that.
    const long MostLimit = 1L << 60;

    readonly List<Level> _levels = [];

    CgroupMemory()
    {
    }

    /// <summary>Looks which groups there are.</summary>
    /// <param name="root">Of the file system: <c>/</c>.</param>
    public static CgroupMemory Find(string root)
    {
        var found = new CgroupMemory();
        var own = Path.Combine(root, "proc/self/cgroup");
        foreach (var line in ReadLines(own))
        {
            // number:controllers:path; of version 2 there are no controllers.
            var parts = line.Split(':', 3);
            if (parts.Length < 3) continue;
            if (parts[1] == "") found.Climb(Path.Combine(root, "sys/fs/cgroup"), parts[2], Level.Second);
            else if (parts[1].Split(',').Contains("memory")) found.Climb(Path.Combine(root, "sys/fs/cgroup/memory"), parts[2], Level.First);
        }

        return found;
    }

    /// <summary>How much is used of what the tightest allows, of 1; 0 where none limits it. What the kernel could give back at once, its
    /// cache of files, is not used.</summary>
    public double Share() => _levels.Count == 0 ? 0 : _levels.Max(level => level.Share());

    /// <summary>The group and those above it. In a container the path may be one outside; then only its end is there.</summary>
    void Climb(string mount, string path, Func<string, Level> make)
    {
        for (var at = path.Trim('/'); ; at = Path.GetDirectoryName(at) ?? "")
        {
            var level = make(Path.Combine(mount, at));
            if (File.Exists(level.Limit)) _levels.Add(level);
            if (at == "") return;
        }
    }

    static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    sealed record Level(string Limit, string Usage, string Stat, string Cache)
    {
        public static Level First(string folder) => new(
            Path.Combine(folder, "memory.limit_in_bytes"), Path.Combine(folder, "memory.usage_in_bytes"),
            Path.Combine(folder, "memory.stat"), "total_");

        public static Level Second(string folder) => new(
            Path.Combine(folder, "memory.max"), Path.Combine(folder, "memory.current"), Path.Combine(folder, "memory.stat"), "");

        public double Share()
        {
            if (Number(Limit) is not { } limit || limit is <= 0 or >= MostLimit) return 0;
            var used = Number(Usage) ?? 0;
            // The kernel sums up for each look at the statistics: only where it matters.
            if (used >= MemoryWatch.Ample * limit) used -= CacheOfFiles();
            return used / (double)limit;
        }

        long CacheOfFiles()
        {
            long cache = 0;
            foreach (var line in ReadLines(Stat))
            {
                var parts = line.Split(' ');
                if (parts.Length == 2 && (parts[0] == $"{Cache}inactive_file" || parts[0] == $"{Cache}active_file"))
                    cache += long.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture);
            }

            return cache;
        }

        static long? Number(string path)
        {
            var text = ReadLines(path).FirstOrDefault();
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
    }
}
