using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Portunus.Store.Access;

namespace Portunus.Waf.Keys;

/// <summary>
/// Keeps the keys of ASP.NET Core's data protection, under which cookies and forms are sealed, beside our own: every node opens
/// what another one sealed. That library rotates them itself.
/// </summary>
sealed class XmlKeys(AccessStore store) : IXmlRepository
{
    const string Purpose = "cookies";

    // The interface knows no tasks; it is asked at start and once a day.
    public IReadOnlyCollection<XElement> GetAllElements() =>
    [
        .. Task.Run(() => store.FindKeysAsync(Purpose, 0)).GetAwaiter().GetResult()
            .Select(key => XElement.Parse(Encoding.UTF8.GetString(key.Value))),
    ];

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() => AddAsync(element)).GetAwaiter().GetResult();

    async Task AddAsync(XElement element)
    {
        var value = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        bool added;
        do
        {
            var generation = await store.NewestGenerationAsync(Purpose) + 1;
            var id = $"cookies-{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}";
            added = await store.TryAddKeyAsync(new(id, Purpose, generation, value, 0, long.MaxValue, long.MaxValue), 0);
        }
        while (!added);
    }
}
