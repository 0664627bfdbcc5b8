using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>What a claim on the ledger came to.</summary>
enum LedgerVerdict : byte
{
    Granted,

    /// <summary>The subject, or the client's address, has all the allocations it may have.</summary>
    QuotaReached,

    /// <summary>The server has.</summary>
    Full,

    /// <summary>No port with the wished properties is free.</summary>
    NoPort,

    /// <summary>The token names no live reservation.</summary>
    NoReservation,
}

/// <summary>
/// What the workers of one TURN server share: ports, reservations, quotas, denials and the list of sessions, under one plain
/// lock. It is touched when an allocation begins, is refreshed or ends; no datagram touches it.
/// </summary>
public sealed partial class TurnLedger
{
    /// <summary>How long a reserved port waits for its client (RFC 8656 §7.2: at least 30 seconds).</summary>
    public static readonly TimeSpan ReservationLifetime = TimeSpan.FromSeconds(30);

    readonly Lock _gate = new();
    readonly PortPool[] _pools;
    readonly AllocationCounts _counts = new();
    readonly Dictionary<ulong, Reservation> _reservations = [];
    readonly Deadlines<ulong> _reservationEnds = new();
    readonly Dictionary<RelayId, RelayLease> _live = [];
    /// <summary>How many subjects can be denied at a time.</summary>
    public const int MostDenials = Denials.Most;

    readonly Denials _denials = new();

    /// <param name="settings">Of the server.</param>
    /// <param name="live">Shared with other servers of this process; null for this one alone.</param>
    /// <exception cref="ArgumentException">The settings have a mistake.</exception>
    public TurnLedger(TurnSettings settings, LiveRelays? live = null)
    {
        live ??= new();
        _realm = settings.Realm;
        _totals.Add(_realm, new(_realm, 0, 0, default));
        _pools = [.. settings.Validated().Relays.Select(
            relay => new PortPool(relay, settings.RelayPorts, live.Of(relay)))];
        Process = live;
    }

    /// <summary>What this server shares with the others of its process.</summary>
    internal LiveRelays Process { get; }

    /// <summary>The live allocations of all workers, in no particular order.</summary>
    public Session[] Sessions()
    {
        lock (_gate) return [.. _live.Values.Select(lease => lease.Session! with { Traffic = lease.Holder?.Traffic ?? default })];
    }

    /// <summary>How many ports are held, by allocations, by reservations and by questions that are open.</summary>
    public int PortsHeld
    {
        get
        {
            lock (_gate) return _pools.Sum(pool => pool.Held);
        }
    }

    /// <summary>How many allocations and reservations a subject is charged with.</summary>
    public int Charged(Subject subject)
    {
        lock (_gate) return _counts.Of(subject);
    }

    /// <summary>From now until then a subject is answered 401; what lives already is ended by
    /// <see cref="TurnOrder.Revoke"/>.</summary>
    /// <returns>False when the table of denials is full.</returns>
    public bool TryDeny(Instant now, Subject subject, Instant until)
    {
        lock (_gate) return _denials.TryAdd(now, subject, until);
    }

    public bool IsDenied(Instant now, Subject subject)
    {
        lock (_gate) return _denials.Contains(now, subject);
    }

    internal bool Supports(IPFamily family) => Array.Exists(_pools, pool => pool.Address.Local.Family == family);

    /// <summary>Takes a port and charges the subject with it, for as long as the lease is not ended.</summary>
    internal LedgerVerdict Claim(
        Instant now, IRandom random, RelayWish wish, in Charge charge, in AllocationQuota quota, out RelayLease? lease)
    {
        lock (_gate)
        {
            Sweep(now);
            return wish.Token is { } token
                ? Redeem(token, charge, quota, out lease)
                : Take(random, wish, charge, quota, out lease);
        }
    }

    /// <summary>Another port in place of one that another program turned out to have; false when there is none.</summary>
    internal bool TryMove(IRandom random, RelayLease lease, LeasedPort port)
    {
        lock (_gate)
        {
            if (lease.IsRedeemed || !port.Pool.TryTake(random, lease.Wish, out var number)) return false;
            Release(lease, port);
            port.Number = number;
            return true;
        }
    }

    /// <summary>The relay is open: the allocation lives. Of a pair the second port is reserved from now on, and held by a socket if one
    /// is named; returns its token, 0 without a pair.</summary>
    internal ulong Begin(Instant now, IRandom random, RelayLease lease, Session session, RelayId? held = null)
    {
        lock (_gate)
        {
            lease.Session = session with { Realm = RealmOf(session.Subject) };
            CountBegin(lease);
            foreach (var port in lease.Ports) port.Pool.Live.Set(port.Number, lease.IsTcp);
            _live.Add(session.Relay, lease);
            if (!lease.IsPair) return 0;
            lease.IsPair = false;
            var token = NewToken(random);
            _reservations.Add(token, new(lease.Charge, lease.Ports[0].Pool, (ushort)(lease.Ports[0].Number + 1), held));
            _reservationEnds.Set(token, now + ReservationLifetime);
            return token;
        }
    }

    /// <summary>A reservation was not redeemed in time; nothing when it was.</summary>
    internal void Lapse(ulong token)
    {
        lock (_gate)
        {
            _reservationEnds.Cancel(token);
            if (_reservations.Remove(token, out var reservation)) GiveBack(reservation);
        }
    }

    internal void Refresh(RelayLease lease, Instant expiresAt)
    {
        lock (_gate) lease.Session = lease.Session! with { ExpiresAt = expiresAt };
    }

    /// <summary>The client is elsewhere from now on (RFC 8016).</summary>
    internal void Move(RelayLease lease, in FiveTuple client)
    {
        lock (_gate) lease.Session = lease.Session! with { Client = client };
    }

    /// <summary>Charges an allocation that lives to another subject; false when that one has all that it may have.</summary>
    internal bool TryCharge(RelayLease lease, Subject subject, int quota)
    {
        lock (_gate)
        {
            if (lease.Subject == subject) return true;
            if (_counts.Of(subject) >= quota) return false;
            _counts.Add(lease.Charge, -1);
            lease.Charge = lease.Charge with { Subject = subject };
            _counts.Add(lease.Charge, 1);
            lease.Session = lease.Session! with { Subject = subject };
            return true;
        }
    }

    /// <summary>Gives back one of two ports; the charge stays, which is one for a dual allocation.</summary>
    internal void Drop(RelayLease lease, LeasedPort port)
    {
        lock (_gate)
        {
            lease.Ports.Remove(port);
            Release(lease, port);
            if (lease.Session is not { } session) return;
            port.Pool.Live.Clear(port.Number, lease.IsTcp);
            lease.Session = session with { Relayed = lease.Ports[0].Relayed, Second = null };
        }
    }

    /// <summary>Gives back the ports and the charge, of an allocation as of a claim that came to nothing.</summary>
    internal void End(RelayLease lease)
    {
        lock (_gate)
        {
            if (lease.Session is { } session)
            {
                _live.Remove(session.Relay);
                CountEnd(lease);
                foreach (var port in lease.Ports) port.Pool.Live.Clear(port.Number, lease.IsTcp);
            }

            foreach (var port in lease.Ports) Release(lease, port);
            _counts.Add(lease.Charge, lease.IsPair ? -2 : -1);
        }
    }

    /// <summary>What the allocations of a subject share from now on, whichever workers have them; null where nothing limits
    /// it.</summary>
    internal SharedBandwidth? Bandwidth(Subject subject, BandwidthLimit limit)
    {
        lock (_gate) return _counts.Bandwidth(subject, limit);
    }

    /// <summary>Counts, reservations, ports and lists of any kind: 0 when nothing lives and what was reserved or spent is
    /// over.</summary>
    public int Kept(Instant now)
    {
        lock (_gate)
        {
            Sweep(now);
            return _counts.Kept + _reservations.Count + _live.Count + _pools.Sum(pool => pool.Held);
        }
    }

    LedgerVerdict Take(IRandom random, RelayWish wish, in Charge charge, in AllocationQuota quota, out RelayLease? lease)
    {
        lease = null;
        var count = wish.Port == PortWish.Pair ? 2 : 1;
        var verdict = _counts.Judge(charge, quota, count);
        if (verdict != LedgerVerdict.Granted) return verdict;
        var first = TakePort(random, wish.Family, wish.Port);
        var second = wish.IsDual ? TakePort(random, IPFamily.IPv6, wish.Port) : null;
        // RFC 8656 §7.2 step 9: one of two is better than none.
        if ((first ?? second) is null) return LedgerVerdict.NoPort;
        _counts.Add(charge, count);
        lease = new(charge, wish.Port, isRedeemed: false) { IsTcp = wish.IsTcp };
        if (first is not null) lease.Ports.Add(first);
        if (second is not null) lease.Ports.Add(second);
        return LedgerVerdict.Granted;
    }

    LeasedPort? TakePort(IRandom random, IPFamily family, PortWish wish)
    {
        var start = random.Next(_pools.Length);
        for (var i = 0; i < _pools.Length; i++)
        {
            var pool = _pools[(start + i) % _pools.Length];
            if (pool.Address.Local.Family == family && pool.TryTake(random, wish, out var number)) return new(pool, number);
        }

        return null;
    }

    /// <summary>A number that names nothing yet; hard to guess, because whoever shows it gets the port.</summary>
    ulong NewToken(IRandom random)
    {
        ulong token;
        do token = random.NextUInt64();
        while (token == 0 || _reservations.ContainsKey(token));
        return token;
    }

    /// <summary>RFC 8656 §7.2: a reservation is not the allocation's; any client that shows its token may have it.</summary>
    LedgerVerdict Redeem(ulong token, in Charge charge, in AllocationQuota quota, out RelayLease? lease)
    {
        lease = null;
        if (!_reservations.TryGetValue(token, out var reservation)) return LedgerVerdict.NoReservation;
        var verdict = _counts.Judge(charge, quota, 1, reservation.Charge);
        if (verdict != LedgerVerdict.Granted) return verdict;
        _reservations.Remove(token);
        _reservationEnds.Cancel(token);
        _counts.Add(reservation.Charge, -1);
        _counts.Add(charge, 1);
        lease = new(charge, PortWish.Any, isRedeemed: true)
        {
            Ports = { new(reservation.Pool, reservation.Port) },
            Held = reservation.Held,
        };
        return LedgerVerdict.Granted;
    }

    /// <summary>Reservations end when somebody next wants a port; until then nobody can tell.</summary>
    void Sweep(Instant now)
    {
        while (_reservationEnds.TryPop(now, out var token))
            if (_reservations.Remove(token, out var reservation))
                GiveBack(reservation);
        _counts.Sweep(now);
    }

    void GiveBack(in Reservation reservation)
    {
        reservation.Pool.Return(reservation.Port);
        _counts.Add(reservation.Charge, -1);
    }

    static void Release(RelayLease lease, LeasedPort port)
    {
        port.Pool.Return(port.Number);
        if (lease.IsPair) port.Pool.Return((ushort)(port.Number + 1));
    }

    readonly record struct Reservation(Charge Charge, PortPool Pool, ushort Port, RelayId? Held);
}
