using Portunus.Load;

// Load relay ...      what a relayed datagram costs any TURN server of this machine
// Load allocates ...  Allocates a second by kind of credential, beside coturn
// Load sessions ...   what sessions of TLS and DTLS cost: handshakes, records, memory
// Load pushes ...     pushes a second to 1 and 3 TURN servers, by either interface
return args switch
{
    ["relay", .. var rest] => RelayLoad.Run(rest),
    ["allocates", .. var rest] => await AllocateFigures.RunAsync(rest),
    ["sessions", .. var rest] => SessionFigures.Run(rest),
    ["pushes", .. var rest] => await PushFigures.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine($"{RelayLoad.Usage}\n{AllocateFigures.Usage}\n{SessionFigures.Usage}\n{PushFigures.Usage}");
    return 2;
}
