// Values of Rust's shapes, for tests/debug.rs.
use std::hint::black_box;

#[derive(Debug, Clone)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(Debug)]
struct Pair(u8, f64);

#[derive(Debug)]
#[allow(dead_code)]
enum Shape {
    Empty,
    Circle(f64),
    Rect { w: u32, h: u32 },
}

#[derive(Debug, Clone, Copy)]
#[allow(dead_code)]
enum Color {
    Red,
    Green,
}

static mut COUNT: u64 = 41;

#[inline(never)]
fn total(points: &[Point]) -> i32 {
    let mut sum = 0;
    for p in points {
        sum += p.x + p.y;
    }
    sum
}

#[inline(never)]
fn id<T: Copy>(value: T) -> T {
    black_box(value)
}

#[inline(never)]
fn stop(shape: &Shape) -> &Shape {
    black_box(shape)
}

#[inline(never)]
fn show(name: &str, items: Vec<i32>, shape: Shape, maybe: Option<i32>, none: Option<Box<i32>>, boxed: Box<Point>) -> usize {
    let owned = String::from("grüße");
    let array = [1u16, 2, 3];
    let tuple = (1, 'x', true);
    let pair = Pair(7, 1.5);
    let color = Color::Green;
    let some: Option<Box<i32>> = Some(Box::new(9));
    let result: Result<i32, String> = Err("bad".to_string());
    let empty: Vec<u8> = Vec::new();
    let points = vec![Point { x: 1, y: 2 }, Point { x: 3, y: 4 }];
    let slice = &points[..1];
    let wide = 170141183460469231731687303715884105727i128;
    let byte = 97u8;
    let nested = Some(Some("in"));
    stop(&shape);
    let len = name.len() + items.len() + total(slice) as usize;
    println!("{owned} {array:?} {tuple:?} {pair:?} {color:?} {some:?} {result:?} {empty:?} {wide} {byte} {nested:?}");
    println!("{maybe:?} {none:?} {boxed:?} {shape:?}");
    len
}

fn main() {
    unsafe { COUNT += 1 };
    let a = id(5i32);
    let b = id(2.5f64);
    let n = show(
        "abc",
        vec![10, 20, 30],
        Shape::Rect { w: 2, h: 3 },
        Some(4),
        None,
        Box::new(Point { x: 5, y: 6 }),
    );
    stop(&Shape::Circle(1.0));
    println!("{a} {b} {n}");
}
