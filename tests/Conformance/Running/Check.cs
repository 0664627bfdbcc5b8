using System.Reflection;
using Portunus.Tests.Conformance.Targets;

namespace Portunus.Tests.Conformance.Running;

/// <summary>One method of the folder Checks.</summary>
/// <param name="Name">Class and method, like "Refresh.A_lifetime_of_zero_deletes_the_allocation".</param>
sealed record Check(string Name, string Section, Needs Needs, Action<Trial> Run)
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Check> All { get; } = [.. typeof(Check).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
        .Select(method => (method, mark: method.GetCustomAttribute<CheckAttribute>()))
        .Where(found => found.mark is not null)
        .Select(found => new Check(
            $"{found.method.DeclaringType!.Name}.{found.method.Name}", found.mark!.Section, found.mark.Needs,
            found.method.CreateDelegate<Action<Trial>>()))
        .OrderBy(check => check.Name, StringComparer.Ordinal)];

    public override string ToString() => Name;
}
