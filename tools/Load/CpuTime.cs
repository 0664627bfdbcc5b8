using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Portunus.Load;

/// <summary>The time that a process has run, in user and kernel mode, threads that ended included: its CPU-time clock, in
/// nanoseconds (clock_getcpuclockid(3)).</summary>
static class CpuTime
{
    /// <exception cref="Win32Exception">There is no such process.</exception>
    public static TimeSpan Of(int process)
    {
        // What clock_getcpuclockid makes of a process id on Linux: its complement over CPUCLOCK_SCHED.
        if (GetTime((~process << 3) | 2, out var time) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    /// <summary>That of the thread that asks.</summary>
    public static TimeSpan OfThisThread()
    {
        const int ClockThreadCpuTime = 3;
        GetTime(ClockThreadCpuTime, out var time);
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    [DllImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    static extern int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
