//! Field and surface of the seed scene by fidget (https://github.com/mkeeter/fidget): the scene as an expression, compiled to
//! machine code, meshed by its octree with Manifold Dual Contouring (S. Schaefer, T. Ju, J. Warren,
//! https://doi.org/10.1109/TVCG.2007.1012).
//!
//! Speaks the protocol of `conversation.py`, without processor times. fidget's corners lie at 2 i / dimension − 1, the samples
//! of the others half a cell further, and so the expression is moved by half a cell: both read the field at the same points.
use fidget::context::Tree;
use fidget::jit::JitFunction;
use fidget::mesh::{Mesh, Octree, Settings};
use fidget::render::ThreadPool;
use fidget::shape::{BoundShape, Shape};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufWriter, Write};
use std::time::Instant;

const BOX_CENTRE_Y: f32 = -0.7;
const BOX_HALF: [f32; 3] = [0.9, 0.3, 0.9];
const TORUS_CENTRE_Y: f32 = -0.5;
const TORUS_MAJOR: f32 = 0.5;
const TORUS_MINOR: f32 = 0.1;
const SMOOTH: f32 = 0.5;

fn main() {
    let mut peer = Peer::default();
    for line in std::io::stdin().lock().lines() {
        let answer = line
            .map_err(|error| error.to_string())
            .and_then(|line| peer.answer(&line))
            .unwrap_or_else(|error| json!({ "error": error }));
        println!("{answer}");
    }
}

/// What is made once: shapes by dimension and moment, and the threads of the last call.
#[derive(Default)]
struct Peer {
    shapes: HashMap<(u64, u64), BoundShape<'static, JitFunction, f32>>,
    threads: Option<ThreadPool>,
}

impl Peer {
    fn answer(&mut self, line: &str) -> Result<Value, String> {
        let request: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let given = &request["arguments"];
        let repeats = request["repeats"].as_u64().unwrap_or(1);
        let start = Instant::now();
        let mut result = Value::Null;
        for turn in (0..repeats).rev() {
            result = match request["call"].as_str() {
                Some("prepare") => self.prepare(given)?,
                Some("mesh") => self.mesh(given, turn as usize)?,
                Some("write_mesh") => self.write_mesh(given)?,
                _ => return Err(format!("no such call: {}", request["call"])),
            };
        }
        let seconds = start.elapsed().as_secs_f64() / repeats as f64;
        Ok(json!({ "seconds": seconds, "result": result }))
    }

    /// The shapes of all moments and the threads: made beforehand, never timed.
    fn prepare(&mut self, given: &Value) -> Result<Value, String> {
        let dimension = whole(given, "dimension")?;
        for moment in moments(given)? {
            let shape = Shape::<JitFunction>::from(scene(dimension, moment));
            let bound = shape.try_into().map_err(|error| format!("{error:?}"))?;
            self.shapes.insert((dimension, moment.to_bits()), bound);
        }
        let threads = whole(given, "threads")? as usize;
        self.threads = match threads {
            1 => None,
            _ => Some(ThreadPool::Custom(
                rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| error.to_string())?,
            )),
        };
        Ok(json!({}))
    }

    /// `moments` are taken in turn, the first of them last.
    fn mesh(&self, given: &Value, turn: usize) -> Result<Value, String> {
        let moments = moments(given)?;
        let mesh = self.build(whole(given, "dimension")?, moments[turn % moments.len()])?;
        Ok(json!({ "vertices": mesh.vertices.len(), "triangles": mesh.triangles.len() }))
    }

    /// Positions (three numbers of single precision a vertex) and triangles (three of 32 bits) of the first moment, as files,
    /// where the scene is and not where it was moved to.
    fn write_mesh(&self, given: &Value) -> Result<Value, String> {
        let dimension = whole(given, "dimension")?;
        let mesh = self.build(dimension, moments(given)?[0])?;
        let half = half_cell(dimension);
        write_all(given, "positions", mesh.vertices.iter().flatten().map(|v| (v + half).to_le_bytes()))?;
        write_all(given, "indices", mesh.triangles.iter().flatten().map(|i| (*i as u32).to_le_bytes()))?;
        Ok(json!({ "vertices": mesh.vertices.len(), "triangles": mesh.triangles.len() }))
    }

    fn build(&self, dimension: u64, moment: f64) -> Result<Mesh, String> {
        let shape = self.shapes.get(&(dimension, moment.to_bits())).ok_or("mesh: not prepared")?;
        let settings =
            Settings { depth: dimension.ilog2() as u8, threads: self.threads.as_ref(), ..Default::default() };
        Ok(Octree::build(shape, &settings).ok_or("mesh: cancelled")?.walk_dual())
    }
}

/// A box and a torus that turns, joined by a cubic smooth minimum, moved by half a cell.
fn scene(dimension: u64, moment: f64) -> Tree {
    let half = half_cell(dimension);
    let (x, y, z) = (Tree::x() + half, Tree::y() + half, Tree::z() + half);

    let qx = x.abs() - BOX_HALF[0];
    let qy = (y.clone() - BOX_CENTRE_Y).abs() - BOX_HALF[1];
    let qz = z.abs() - BOX_HALF[2];
    let outside = (qx.max(0.0).square() + qy.max(0.0).square() + qz.max(0.0).square()).sqrt();
    let a = outside + qx.max(qy).max(qz).min(0.0);

    let roll = (90.0 * moment.sin()).to_radians();
    let pitch = (45.0 * moment.cos()).to_radians();
    let (sin_roll, cos_roll) = (roll.sin() as f32, roll.cos() as f32);
    let (sin_pitch, cos_pitch) = (pitch.sin() as f32, pitch.cos() as f32);
    let low = y - TORUS_CENTRE_Y;
    let turned_x = x.clone() * cos_pitch - z.clone() * sin_pitch;
    let turned_z = x * sin_pitch + z * cos_pitch;
    let up = low.clone() * cos_roll + turned_z.clone() * sin_roll;
    let back = turned_z * cos_roll - low * sin_roll;
    let ring = (turned_x.square() + back.square()).sqrt() - TORUS_MAJOR;
    let b = (ring.square() + up.square()).sqrt() - TORUS_MINOR;

    let near = (SMOOTH - (a.clone() - b.clone()).abs()).max(0.0) / SMOOTH;
    a.min(b) - near.square() * near * (SMOOTH / 6.0)
}

fn half_cell(dimension: u64) -> f32 {
    1.0 / dimension as f32
}

fn whole(given: &Value, name: &str) -> Result<u64, String> {
    given[name].as_u64().ok_or(format!("{name} must be a whole number, got {}", given[name]))
}

fn moments(given: &Value) -> Result<Vec<f64>, String> {
    let moments: Vec<f64> = given["moments"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    if moments.is_empty() { Err(format!("moments must be numbers, got {}", given["moments"])) } else { Ok(moments) }
}

fn write_all(given: &Value, name: &str, numbers: impl Iterator<Item = [u8; 4]>) -> Result<(), String> {
    let path = given[name].as_str().ok_or(format!("{name} must be a path, got {}", given[name]))?;
    let write = move || -> std::io::Result<()> {
        let mut file = BufWriter::new(std::fs::File::create(path)?);
        numbers.into_iter().try_for_each(|number| file.write_all(&number))?;
        file.flush()
    };
    write().map_err(|error| format!("{path}: {error}"))
}
