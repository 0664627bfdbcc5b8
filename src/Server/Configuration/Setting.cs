using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Portunus.Server.Configuration;

/// <summary>One property of a section as reading and schema see it.</summary>
/// <param name="property">With its annotations.</param>
sealed class Setting(PropertyInfo property)
{
    public string Name { get; } =
        property.GetCustomAttribute<NamedAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    public string Says { get; } = property.GetCustomAttribute<SaysAttribute>()?.Sentence ?? "";

    public FormAttribute? Form { get; } = property.GetCustomAttribute<FormAttribute>();

    public OneOfAttribute? OneOf { get; } = property.GetCustomAttribute<OneOfAttribute>();

    public BetweenAttribute? Between { get; } = property.GetCustomAttribute<BetweenAttribute>();

    public bool IsLive { get; } = property.IsDefined(typeof(LiveAttribute), inherit: true);

    public bool IsRequired { get; } = property.IsDefined(typeof(RequiredMemberAttribute));

    public bool IsList { get; } = ElementOf(property.PropertyType) is not null;

    /// <summary>Of the value, or of each in the list.</summary>
    public Type Type { get; } = ElementOf(property.PropertyType)
        ?? Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    public bool IsSection => Type.IsDefined(typeof(SaysAttribute));

    /// <summary>In the order in which they are declared, those that sections have in common first.</summary>
    public static IReadOnlyList<Setting> Of(Type section) =>
    [
        .. section.GetProperties().Where(property => property.CanWrite).OrderBy(property => property.DeclaringType == section)
            .Select(property => new Setting(property)),
    ];

    public object? Get(object section) => property.GetValue(section);

    public void Set(object section, object? value) => property.SetValue(section, value);

    static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;
}
