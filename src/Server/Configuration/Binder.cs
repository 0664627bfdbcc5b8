using System.Reflection;

namespace Portunus.Server.Configuration;

/// <summary>
/// Makes sections of items by the annotations of the records: each mistake is kept with its place, and reading goes on.
/// </summary>
/// <param name="forms">Reads texts that mean something else.</param>
sealed class Binder(Forms forms)
{
    readonly Dictionary<string, Place> _places = [];
    readonly List<Mistake> _mistakes = [];
    readonly HashSet<string> _wrong = [];

    public IReadOnlyList<Mistake> Mistakes => _mistakes;

    /// <summary>Whether nothing is wrong at or below a path, as <c>epcscf.web</c>.</summary>
    public bool IsSound(string path) => !_wrong.Any(wrong => wrong == path || wrong.StartsWith($"{path}.", StringComparison.Ordinal));

    /// <summary>Keeps a mistake where the setting stands; for one that is left out, where its section does.</summary>
    public void Add(string path, string sentence)
    {
        _wrong.Add(path);
        _mistakes.Add(new(PlaceOf(path), $"{path}: {sentence}"));
    }

    public T? Read<T>(Item item) where T : class
    {
        _places[""] = item.At;
        return (T?)Section(typeof(T), item, "");
    }

    Place PlaceOf(string path)
    {
        while (!_places.ContainsKey(path)) path = path[..Math.Max(path.LastIndexOfAny(['.', '[']), 0)];
        return _places[path];
    }

    object? Section(Type type, Item item, string path)
    {
        if (item is not Item.Object { Members: var members })
        {
            Wrong(path, item.At, "an object is needed; write { ... }.");
            return null;
        }

        var section = Activator.CreateInstance(type)!;
        var settings = Setting.Of(type);
        var seen = new HashSet<string>();
        foreach (var (name, at, value) in members)
        {
            var here = path.Length == 0 ? name : $"{path}.{name}";
            if (settings.FirstOrDefault(setting => setting.Name == name) is not { } setting)
            {
                Wrong(here, at, Unknown(name, settings));
                continue;
            }

            if (!seen.Add(name))
            {
                Wrong(here, at, "it is given twice; leave one out.");
                continue;
            }

            _places[here] = at;
            if (TryRead(setting, value, here, out var read)) setting.Set(section, read);
        }

        foreach (var missing in settings.Where(setting => setting.IsRequired && !seen.Contains(setting.Name)))
            Wrong(path.Length == 0 ? missing.Name : $"{path}.{missing.Name}", item.At,
                $"it is missing; write \"{missing.Name}\": {Example(missing)}.");
        return section;
    }

    bool TryRead(Setting setting, Item item, string path, out object? value)
    {
        if (!setting.IsList) return TryOne(setting, item, path, out value);
        value = null;
        if (item is not Item.List { Items: var items })
        {
            Wrong(path, item.At, $"a list is needed; write {Example(setting)}.");
            return false;
        }

        var all = Array.CreateInstance(setting.Type, items.Count);
        var good = true;
        for (var i = 0; i < items.Count; i++)
        {
            var here = $"{path}[{i}]";
            _places[here] = items[i].At;
            if (TryOne(setting, items[i], here, out var one)) all.SetValue(one, i);
            else good = false;
        }

        value = all;
        return good;
    }

    bool TryOne(Setting setting, Item item, string path, out object? value)
    {
        value = null;
        if (setting.IsSection) return (value = Section(setting.Type, item, path)) is not null;
        switch (setting, item)
        {
            case ({ Form: { } form }, Item.Text { Value: var text }):
                return TryForm(form, text, path, item.At, out value);
            case ({ OneOf: { } oneOf }, Item.Text { Value: var word }) when oneOf.Words.Contains(word):
                value = word;
                return true;
            case ({ Form: null, OneOf: null } of, Item.Text { Value: var text }) when of.Type == typeof(string):
                value = text;
                return true;
            case ({ Between: { } between }, Item.Number { Value: { } number })
                when number >= between.Least && number <= between.Most:
                value = number;
                return true;
            case (_, Item.Truth { Value: var truth }) when setting.Type == typeof(bool):
                value = truth;
                return true;
        }

        Wrong(path, item.At, setting switch
        {
            { OneOf: { } oneOf } => $"write {string.Join(" or ", oneOf.Words.Select(word => $"\"{word}\""))}.",
            { Between: { } between } => $"write a whole number from {between.Least} to {between.Most}.",
            { Form: { } form } => $"a text is needed; write one like \"{form.Example}\".",
            _ when setting.Type == typeof(bool) => "write true or false.",
            _ => "a text is needed.",
        });
        return false;
    }

    bool TryForm(FormAttribute form, string text, string path, Place at, out object? value)
    {
        value = null;
        try
        {
            value = typeof(Forms).GetMethod(form.Method)!.Invoke(forms, [path, text]);
            return true;
        }
        catch (TargetInvocationException e) when (e.InnerException is FormatException mistake)
        {
            Wrong(path, at, mistake.Message);
            return false;
        }
    }

    void Wrong(string path, Place at, string sentence)
    {
        _wrong.Add(path);
        _mistakes.Add(new(at, path.Length == 0 ? sentence : $"{path}: {sentence}"));
    }

    static string Example(Setting setting)
    {
        var one = setting switch
        {
            { IsSection: true } => "{ ... }",
            { Form: { } form } => $"\"{form.Example}\"",
            { OneOf: { } oneOf } => $"\"{oneOf.Words[0]}\"",
            { Between: { } between } => $"{between.Least}",
            _ => "\"...\"",
        };
        return setting.IsList ? $"[{one}]" : one;
    }

    static string Unknown(string name, IReadOnlyList<Setting> settings)
    {
        var nearest = settings.MinBy(setting => Spelling.Distance(name, setting.Name))!.Name;
        return Spelling.Distance(name, nearest) <= Math.Max(2, nearest.Length / 3)
            ? $"no setting has this name; did you mean \"{nearest}\"?"
            : $"no setting has this name; those here are {string.Join(", ", settings.Select(setting => setting.Name))}.";
    }
}
