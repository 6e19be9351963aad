mod builder;
mod keeping;
mod robust;
mod sizes;
mod telling;
