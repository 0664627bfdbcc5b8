namespace Portunus.Sip;

/// <summary>
/// What knows how it is written as the value of a header. Apart from <c>ToString</c>, which hides what is secret.
/// </summary>
public interface IHeaderValue
{
    string ToHeaderText();
}
