using BenchmarkDotNet.Running;
using Portunus.Bench;

// "short" measures credentials on a machine with other work on it; all else is BenchmarkDotNet's.
if (args is ["short"]) return ShortWindows.Run();
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
