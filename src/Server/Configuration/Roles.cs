using Portunus.Nodes;
using Portunus.Nodes.Serve;

namespace Portunus.Server.Configuration;

/// <summary>Which roles a process takes out of a configuration.</summary>
static class Roles
{
    public static readonly IReadOnlyList<string> Built = ["turn", "agw", "epcscf", "core", "waf", "wwsf"];

    /// <summary>Reads <c>turn,epcscf</c>.</summary>
    /// <exception cref="FormatException">A word is no role that could be started.</exception>
    public static IReadOnlySet<string> Read(string text)
    {
        var roles = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        if (roles.Count == 0) throw new FormatException($"no role is named; write some of {string.Join(",", Built)}.");
        foreach (var role in roles)
        {
            if (!Built.Contains(role)) throw new FormatException($"'{role}' is not a role; write some of {string.Join(",", Built)}.");
        }

        return roles;
    }

    /// <summary>What is started: the wished roles, or every one that has a section.</summary>
    /// <param name="file">Without mistakes.</param>
    /// <param name="wished">Null for all.</param>
    /// <param name="folder">For what must outlive a restart.</param>
    /// <exception cref="RefusedException">A wished role has no section, or misses another.</exception>
    public static ServeSettings Choose(PortunusFile file, IReadOnlySet<string>? wished, string folder)
    {
        foreach (var role in wished ?? new HashSet<string>())
            if (!Has(file, role))
                throw new RefusedException($"The configuration has no section \"{role}\"; write one, or leave out the role.");
        var settings = new ServeSettings
        {
            Turn = Wants("turn") ? file.Turn?.ToRole(file.TurnRealm) : null,
            Agw = Wants("agw") ? file.Agw?.ToRole(file.TurnRealm) : null,
            Epcscf = Wants("epcscf") ? file.Epcscf?.ToRole(file.Domain, file.TurnRealm) : null,
            Core = Wants("core") ? file.Core?.ToRole(file.Domain, folder) : null,
            Waf = Wants("waf") ? file.Waf?.ToRole(file.Domain, file.TurnRealm, folder) : null,
            Wwsf = Wants("wwsf") ? file.Wwsf?.ToRole(folder) : null,
            Admin = file.Admin?.ToRole(),
        };
        if (settings is { Epcscf.Mw: null, Core: null })
            throw new RefusedException("The role epcscf has no core; start core with it, or write epcscf.core into the configuration.");
        if (settings is { Core.Mw: null, Epcscf: null } and { Core: not null })
            throw new RefusedException("Nobody could reach the role core; write core.listen, or start epcscf with it.");
        return settings;

        bool Wants(string role) => wished?.Contains(role) ?? true;
    }

    static bool Has(PortunusFile file, string role) => role switch
    {
        "turn" => file.Turn is not null,
        "agw" => file.Agw is not null,
        "epcscf" => file.Epcscf is not null,
        "core" => file.Core is not null,
        "waf" => file.Waf is not null,
        _ => file.Wwsf is not null,
    };
}
