using Iga.Emulators;

return await CommandLine.RunAsync(args);
