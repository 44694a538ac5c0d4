using TensorCell.Jupyter.Commands;

// Jupyter waits for this one; parsing it takes the time of a tenth of the kernel's start.
return args is ["jupyter", { Length: > 0 } connectionFile] && connectionFile[0] != '-'
    ? JupyterCommand.Run(connectionFile)
    : CommandLine.Run(args);
