//! The page's modules as one script: a browser takes as long to ask for fifty small files as to draw
//! the page.

use std::fmt::Write as _;

/// A module by its file name, with its text.
type Module = (&'static str, &'static str);

/// Joins the modules that `entry` needs, itself the last. Each becomes a function that is called
/// once, after those that it imports.
///
/// This reads the page's own modules and no others: an import is one line, of names or of the whole
/// module, and a thing is exported where it is declared.
pub(super) fn bundle(modules: &[Module], entry: &str) -> String {
    let mut script = String::from("\"use strict\";\n");
    let mut written = Vec::new();
    write(modules, entry, &mut written, &mut script);
    script
}

fn write(modules: &[Module], name: &str, written: &mut Vec<&'static str>, script: &mut String) {
    let Some((name, text)) = modules.iter().find(|(known, _)| *known == name) else { return };
    if written.contains(name) {
        return;
    }
    written.push(name);
    let (mut body, mut exported) = (String::new(), Vec::new());
    for line in text.lines() {
        if let Some((what, from)) = imported(line) {
            write(modules, from, written, script);
            let _ = writeln!(body, "const {what} = {};", variable(from));
        } else if let Some(declaration) = line.strip_prefix("export ") {
            exported.extend(declared(declaration));
            body.extend([declaration, "\n"]);
        } else {
            body.extend([line, "\n"]);
        }
    }
    let exported = exported.join(", ");
    let _ = write!(
        script,
        "\nconst {} = (() => {{\n{body}return {{ {exported} }};\n}})();\n",
        variable(name)
    );
}

/// What an import takes, as the left side of a declaration, and from which module.
fn imported(line: &str) -> Option<(&str, &str)> {
    let (what, from) = line.strip_prefix("import ")?.split_once(" from \"./")?;
    Some((what.strip_prefix("* as ").unwrap_or(what), from.strip_suffix("\";")?))
}

/// The name that is declared: `function name(`, `const name =`.
fn declared(declaration: &str) -> Option<&str> {
    let words = declaration.strip_prefix("async ").unwrap_or(declaration);
    let name = words.split_once(' ')?.1;
    name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()
}

/// What stands for a module.
fn variable(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_come_after_those_that_they_import_and_each_once() {
        let modules = [
            (
                "main.js",
                "// Begins.\nimport { h } from \"./dom.js\";\nimport * as top from \"./top.js\";\ntop.mount(h);\n",
            ),
            (
                "top.js",
                "import { h } from \"./dom.js\";\n\nexport function mount(root) {\n  h(root);\n}\n",
            ),
            ("dom.js", "export const h = 1;\nexport async function wait() {}\n"),
            ("other.js", "export const never = 0;\n"),
        ];
        assert_eq!(
            bundle(&modules, "main.js"),
            "\"use strict\";\n\
             \nconst dom_js = (() => {\nconst h = 1;\nasync function wait() {}\nreturn { h, wait };\n})();\n\
             \nconst top_js = (() => {\nconst { h } = dom_js;\n\nfunction mount(root) {\n  h(root);\n}\n\
             return { mount };\n})();\n\
             \nconst main_js = (() => {\n// Begins.\nconst { h } = dom_js;\nconst top = top_js;\n\
             top.mount(h);\nreturn {  };\n})();\n"
        );
    }
}
