using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Waf;

/// <summary>
/// Lets our own lines pass, and of the libraries underneath only warnings: what they tell beyond that has requests and tokens
/// in it.
/// </summary>
sealed class DiscreetLogs(ILoggerFactory logs) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName)
    {
        var log = logs.CreateLogger(categoryName);
        if (categoryName.StartsWith("Portunus.", StringComparison.Ordinal)) return log;
        // It warns at every start that its keys are not encrypted beyond the data base, which is its owner's alone.
        var isDataProtection = categoryName.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal);
        return new From(isDataProtection ? LogLevel.Error : LogLevel.Warning, log);
    }

    public void AddProvider(ILoggerProvider provider) => logs.AddProvider(provider);

    /// <summary>The factory underneath is the caller's.</summary>
    public void Dispose()
    {
    }

    sealed class From(LogLevel least, ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && log.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) log.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
