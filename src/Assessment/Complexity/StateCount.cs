using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace Portunus.Assessment.Complexity;

/// <summary>
/// Counts the states of a machine in its type: every value that it keeps between two messages and that changes. That is a field that
/// is not read-only, which counts as many as its enumeration has values, and else once; and a collection that can grow, once.
/// </summary>
static class StateCount
{
    const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    static readonly Assembly[] Rooms =
    [
        typeof(Epcscf.CredentialTransfer).Assembly, typeof(Turn.TurnServer).Assembly, typeof(Waf.WafSettings).Assembly,
        typeof(Nodes.Transfer.TransferNode).Assembly,
    ];

    /// <param name="machines">Full names, each once.</param>
    /// <exception cref="InvalidOperationException">There is no type of that name.</exception>
    public static IReadOnlyList<(string Machine, int States)> Of(IEnumerable<string> machines) =>
        [.. machines.Select(name => (name, Of(Find(name))))];

    public static int Of(Type machine) => machine.GetFields(Own).Sum(Weight);

    static Type Find(string name) => Rooms.Select(room => room.GetType(name)).FirstOrDefault(type => type is not null)
        ?? throw new InvalidOperationException($"There is no machine {name} any more; write what took its place.");

    static int Weight(FieldInfo field)
    {
        // What a constructor was given, kept by the compiler: nobody changes it.
        if (field.Name.EndsWith(">P", StringComparison.Ordinal)) return 0;
        if (!field.IsInitOnly) return field.FieldType.IsEnum ? Enum.GetValues(field.FieldType).Length : 1;
        return IsTable(field.FieldType) ? 1 : 0;
    }

    /// <summary>Our own tables of questions and deadlines are no collections to the compiler.</summary>
    static bool IsTable(Type type)
    {
        if (type.IsArray || type == typeof(string)) return false;
        if (!type.IsGenericType) return typeof(ICollection).IsAssignableFrom(type);
        var open = type.GetGenericTypeDefinition();
        return open == typeof(Bedrock.Deadlines<>) || open == typeof(Bedrock.Pending<>)
            || (typeof(IEnumerable).IsAssignableFrom(type) && open != typeof(ImmutableArray<>)
                && open.Namespace is "System.Collections.Generic" or "System.Collections.Concurrent" && !open.IsInterface);
    }
}
