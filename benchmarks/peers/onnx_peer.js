// npm's onnxruntime-node: the model loaded once, the input and the output lie in place, each run is awaited.
//
// usage: node onnx_peer.js MODULES MODEL BATCH WIDTH CLASSES THREADS
"use strict";
const path = require("path");
const readline = require("readline");

async function main([modules, model, ...sizes]) {
  const [batch, width, classes, threads] = sizes.map(Number);
  let runtime;
  try {
    runtime = require(path.join(modules, "onnxruntime-node"));
  } catch (missing) {
    console.log(`missing ${missing.message.split("\n")[0]}`);
    return;
  }

  const session = await runtime.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    executionProviders: ["cpu"],
  });
  const x = new Float32Array(batch * width);
  for (let i = 0; i < x.length; i++) {
    x[i] = ((i * 7919) % 16001) / 16000;
  }

  const y = new Float32Array(batch * classes);
  const inputs = { x: new runtime.Tensor("float32", x, [batch, width]) };
  const outputs = { y: new runtime.Tensor("float32", y, [batch, classes]) };
  await session.run(inputs, outputs);
  let sum = 0;
  for (let i = 0; i < y.length; i += y.length > 1000 ? 97 : 1) {
    sum += Math.abs(y[i]);
  }

  console.log(`ready ${sum}`);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const seconds = new Float64Array(Number(line.split(" ")[1]));
    for (let i = 0; i < seconds.length; i++) {
      const start = process.hrtime.bigint();
      await session.run(inputs, outputs);
      seconds[i] = Number(process.hrtime.bigint() - start) * 1e-9;
    }

    console.log(Array.from(seconds).join(" "));
  }
}

main(process.argv.slice(2));
