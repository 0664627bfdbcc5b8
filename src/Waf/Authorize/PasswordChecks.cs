using Portunus.Store.Access;

namespace Portunus.Waf.Authorize;

/// <summary>
/// How many passwords are checked at a time, whoever sends them: each costs a core a tenth of a second or so, on purpose, and what
/// else the node serves must not wait for them. For many threads.
/// </summary>
/// <param name="passwords">Checks.</param>
/// <param name="atATime">One a core, best.</param>
/// <param name="patience">How long one waits for its turn.</param>
public sealed class PasswordChecks(Passwords passwords, int atATime, TimeSpan patience)
{
    /// <summary>What who is turned away is told to wait, in seconds.</summary>
    public const string RetryAfter = "5";

    readonly Passwords _passwords = passwords;
    readonly SemaphoreSlim _turns = new(atATime);

    /// <summary>One for each core, and two seconds: a person does not notice more, and a flood is turned away.</summary>
    public PasswordChecks(Passwords passwords)
        : this(passwords, Environment.ProcessorCount, TimeSpan.FromSeconds(2))
    {
    }

    /// <summary>A turn to check one password, to be disposed after it; null when it did not come in time.</summary>
    /// <param name="stop">Ends the wait.</param>
    public async Task<Turn?> TakeTurnAsync(CancellationToken stop) =>
        await _turns.WaitAsync(patience, stop) ? new Turn(this) : null;

    /// <summary>The right to check one password.</summary>
    public sealed class Turn : IDisposable
    {
        readonly PasswordChecks _checks;
        bool _isOver;

        internal Turn(PasswordChecks checks) => _checks = checks;

        /// <summary>As <see cref="Passwords.Check"/>, on a thread of the pool; the turn is over then: who reads the answer slowly
        /// keeps nobody waiting.</summary>
        public async Task<bool> CheckAsync(UserRecord? user, string password)
        {
            try
            {
                return await Task.Run(() => _checks._passwords.Check(user, password));
            }
            finally
            {
                Dispose();
            }
        }

        /// <summary>The next one may begin.</summary>
        public void Dispose()
        {
            if (_isOver) return;
            _isOver = true;
            _checks._turns.Release();
        }
    }
}
