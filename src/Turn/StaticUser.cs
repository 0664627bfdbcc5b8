namespace Portunus.Turn;

/// <summary>A username and password that the operator wrote down.</summary>
public sealed record StaticUser(string Name, string Password)
{
    public override string ToString() => $"{nameof(StaticUser)} {Name}";
}
