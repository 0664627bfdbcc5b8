return await Portunus.Server.CommandLine.RunAsync(args);
