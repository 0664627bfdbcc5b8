using Portunus.Turn;

namespace Portunus.Server.Import;

// There "no rule for an address" means allowed and an allowed range beats a denied one; here special-purpose ranges are refused unless
// allowed, and a denied range beats an allowed one. So denied ranges lose what is allowed, and what is refused anyway.
sealed partial class CoturnImport
{
    void Peers()
    {
        var allowed = Read("allowed-peer-ip");
        var denied = Read("denied-peer-ip");
        var never = AddressSpans.Of(PeerPolicy.Unallowable);
        var refused = AddressSpans.Of(PeerPolicy.RefusedByDefault);
        var allow = allowed.Within(refused).Without(never).ToRanges().Select(range => range.ToString()).ToArray();
        var deny = denied.Without(allowed).Without(refused).Without(never).ToRanges().Select(range => range.ToString()).ToArray();
        if (allow.Length > 0) _turn["allowPeers"] = Texts(allow);
        if (deny.Length > 0) _turn["denyPeers"] = Texts(deny);
        if (!allowed.Within(denied).IsEmpty)
            report.Mind("a denied range beats an allowed one here: what both held was taken out of turn.denyPeers");
        report.Mind("private and other special-purpose addresses are no peers here unless turn.allowPeers has them; there they mostly are");
    }

    AddressSpans Read(string name)
    {
        var all = AddressSpans.None;
        foreach (var line in All(name))
        {
            if (!AddressSpans.TryParse(line.Value, out var spans))
            {
                report.Add(Verdict.Left, line, "it is no address and no range of addresses");
                continue;
            }

            all = all.With(spans);
            var refused = AddressSpans.Of([.. PeerPolicy.RefusedByDefault, .. PeerPolicy.Unallowable]);
            var (isOpen, isShut) = (spans.Within(refused).IsEmpty, spans.Without(refused).IsEmpty);
            report.Add((name, isOpen, isShut) switch
            {
                ("allowed-peer-ip", true, _) => Verdict.Same,
                ("denied-peer-ip", _, true) => Verdict.Same,
                _ => Verdict.Taken,
            }, line, (name, isOpen, isShut) switch
            {
                ("allowed-peer-ip", true, _) => "public addresses are peers anyway",
                ("allowed-peer-ip", _, _) when !spans.Within(AddressSpans.Of(PeerPolicy.Unallowable)).IsEmpty =>
                    "turn.allowPeers, without what no server should relay to",
                ("allowed-peer-ip", _, _) => "turn.allowPeers",
                (_, _, true) => "special-purpose addresses are refused anyway",
                _ => "turn.denyPeers",
            });
        }

        return all;
    }
}
