using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace Portunus.Server;

/// <summary>Makes the flags of commands: each value read by a function that says in one sentence what to write instead.</summary>
static class Flag
{
    /// <summary>A flag that is given once at most.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="form">How the value looks, for the help.</param>
    /// <param name="says">What it does, for the help.</param>
    /// <param name="read">Throws <see cref="FormatException"/> with the sentence.</param>
    /// <param name="fallback">What holds without it; without a fallback the flag is required.</param>
    public static Option<T> One<T>(string name, string form, string says, Func<string, T> read, Func<T>? fallback = null)
    {
        var option = new Option<T>(name)
        {
            HelpName = form,
            Description = says,
            Required = fallback is null,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Read(name, result, read).FirstOrDefault()!,
        };
        if (fallback is not null) option.DefaultValueFactory = _ => fallback();
        return option;
    }

    /// <summary>A flag that is given several times, once for each value.</summary>
    public static Option<ImmutableArray<T>> Many<T>(
        string name, string form, string says, Func<string, T> read, bool required = false) =>
        new(name)
        {
            HelpName = form,
            Description = says,
            Required = required,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = result =>
            {
                // Else a deny list from an empty variable would deny nothing, unnoticed beside another one.
                if (result.Parent is OptionResult option && option.IdentifierTokenCount > result.Tokens.Count)
                    result.AddError($"{name}: a value is missing; write {name} {form}.");
                return [.. Read(name, result, read)];
            },
            DefaultValueFactory = _ => [],
        };

    /// <summary>A flag without a value.</summary>
    public static Option<bool> Switch(string name, string says) =>
        new(name) { Description = says, Arity = ArgumentArity.Zero };

    /// <summary>The value as it stands on the command line.</summary>
    public static string Text(string value) => value;

    static List<T> Read<T>(string name, ArgumentResult result, Func<string, T> read)
    {
        List<T> values = [];
        foreach (var token in result.Tokens)
            try
            {
                values.Add(read(token.Value));
            }
            catch (FormatException e)
            {
                result.AddError($"{name}: {e.Message}");
            }

        return values;
    }
}
