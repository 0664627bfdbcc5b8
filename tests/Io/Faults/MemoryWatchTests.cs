using Portunus.Bedrock;
using Portunus.Nodes.Relay;

namespace Portunus.Tests.Io.Faults;

/// <summary>When memory counts as short, and what control groups allow, by files as the kernel has them.</summary>
public sealed class MemoryWatchTests : IDisposable
{
    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("portunus-cgroup-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void It_is_short_from_four_fifths_on_and_ample_again_below_seven_tenths_and_is_told_until_it_was_heard()
    {
        var share = 0.0;
        var hears = false;
        List<(bool, double)> told = [];
        using var watch = new MemoryWatch(() => share, (isShort, at) =>
        {
            told.Add((isShort, at));
            return hears;
        });
        Assert.False(LookAt(0.79));
        Assert.False(LookAt(0.8));
        hears = true;
        Assert.True(LookAt(0.8));
        Assert.True(LookAt(0.71));
        Assert.False(LookAt(0.69));
        Assert.False(LookAt(0.75));
        Assert.Equal([(true, 0.8), (true, 0.8), (false, 0.69)], told);

        bool LookAt(double at)
        {
            share = at;
            watch.Look(Instant.FromUnixSeconds(0));
            return watch.IsShort;
        }
    }

    [Fact]
    public void Of_version_2_the_tightest_of_the_groups_above_counts_without_the_cache_of_files()
    {
        Write("proc/self/cgroup", "0::/system.slice/portunus.service\n");
        Write("sys/fs/cgroup/system.slice/memory.max", "1000\n");
        Write("sys/fs/cgroup/system.slice/memory.current", "950\n");
        Write("sys/fs/cgroup/system.slice/memory.stat", "anon 500\nfile 450\ninactive_file 300\nactive_file 150\n");
        Write("sys/fs/cgroup/system.slice/portunus.service/memory.max", "max\n");
        Write("sys/fs/cgroup/system.slice/portunus.service/memory.current", "900\n");
        var groups = CgroupMemory.Find(_root.FullName);
        Assert.Equal(0.5, groups.Share());
        Write("sys/fs/cgroup/system.slice/portunus.service/memory.max", "1000\n");
        Write("sys/fs/cgroup/system.slice/portunus.service/memory.stat", "anon 900\ninactive_file 0\nactive_file 0\n");
        Assert.Equal(0.9, groups.Share());
    }

    [Fact]
    public void Of_version_1_in_a_container_the_group_is_the_root_that_is_there()
    {
        Write("proc/self/cgroup", "11:cpu,cpuacct:/docker/1\n9:memory:/docker/1\n0::/\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "2000\n");
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000\n");
        var groups = CgroupMemory.Find(_root.FullName);
        Assert.Equal(0.5, groups.Share());
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Assert.Equal(0, groups.Share());
    }

    [Fact]
    public void Without_groups_nothing_limits() => Assert.Equal(0, CgroupMemory.Find(_root.FullName).Share());

    void Write(string path, string text)
    {
        var file = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
