//! x * x + 1 as a Rust programmer with rayon writes it: into a result that is there already, all threads.

use rayon::prelude::*;
use std::io::{self, BufRead, Write};
use std::time::Instant;

/// Elements that a task takes: few enough to share out, many enough for whole vectors.
const BLOCK: usize = 64 * 1024;

/// The inputs that all peers compute: 0 to 1.
fn unit(i: i64) -> f64 {
    (i * 7919 % 16001) as f64 / 16000.0
}

fn square(x: &[f64], y: &mut [f64]) {
    y.par_chunks_mut(BLOCK).zip(x.par_chunks(BLOCK)).for_each(|(to, from)| {
        for (result, value) in to.iter_mut().zip(from) {
            *result = value * value + 1.0;
        }
    });
}

/// Answers each request, "run N", with the seconds that N runs took, one by one.
fn serve(mut run: impl FnMut()) -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        let times: usize = line.trim_start_matches("run ").parse().expect("run N");
        let seconds: Vec<String> = (0..times)
            .map(|_| {
                let start = Instant::now();
                run();
                start.elapsed().as_secs_f64().to_string()
            })
            .collect();
        println!("{}", seconds.join(" "));
        io::stdout().flush()?;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let ("square", Ok(count)) = (arguments[1].as_str(), arguments[2].parse::<usize>()) else {
        println!("missing the Rust program has no such case");
        return Ok(());
    };
    let x: Vec<f64> = (0..count).map(|i| unit(i as i64) * 8.0 - 4.0).collect();
    let mut y = vec![0.0; count];
    square(&x, &mut y);
    let step = if count > 1_000_000 { 9973 } else if count > 1000 { 97 } else { 1 };
    println!("ready {}", y.iter().step_by(step).map(|value| value.abs()).sum::<f64>());
    serve(|| square(&x, &mut y))
}
