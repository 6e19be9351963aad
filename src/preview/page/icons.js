// The page's few drawings, 16 by 16, in the colour of the text.

import { svg } from "./dom.js";

const paths = {
  phone: "M5 1.5h6a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM7 12.5h2",
  tablet: "M3.5 1.5h9a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM7 12.5h2",
  desktop: "M2 2.5h12a.5.5 0 0 1 .5.5v8a.5.5 0 0 1-.5.5H2a.5.5 0 0 1-.5-.5V3a.5.5 0 0 1 .5-.5zM8 11.5v2.5M5 14h6",
  light: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3.05 3.05l1.06 1.06M11.9 11.9l1.05 1.05M3.05 12.95l1.06-1.06M11.9 4.1l1.05-1.05",
  dark: "M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z",
  forced: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 2v12M8 4.5h4.8M8 7h5.9M8 9.5h5.8M8 12h4.4",
  images: "M2 2.5h12a.5.5 0 0 1 .5.5v10a.5.5 0 0 1-.5.5H2a.5.5 0 0 1-.5-.5V3a.5.5 0 0 1 .5-.5zM1.8 11.5l3.7-3.7 3 3 2.2-2.2 3.6 3.4M10.5 5.2v.6",
  marks: "M9.5 3.5l3 3-5.7 5.7-3.6.6.6-3.6zM8 14.5h6.5",
  people: "M6 2.5a2.5 2.5 0 1 0 0 5 2.5 2.500 0 0 0 0-5zM1.500 13.500a4.500 4.500 0 0 1 9 0M12.300 10.300a1.900 1.900 0 1 0 0-3.800 1.900 1.900 0 0 0 0 3.800M13.700 9.700l1.600 1.600",
  looks: "M2 4.500h6M11.500 4.500h2.500M2 11.500h2.500M8 11.500h6M9.750 2.750a1.750 1.750 0 1 0 0 3.500 1.750 1.750 0 0 0 0-3.500zM6.250 9.750a1.750 1.750 0 1 0 0 3.500 1.750 1.750 0 0 0 0-3.500z",
  menu: "M2 4h12M2 8h12M2 12h12",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  download: "M8 2v8.5M4.5 7L8 10.5 11.5 7M2.5 13.5h11",
  drafts: "M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M5.5 7.5h5M5.5 10.5h5",
  mail: "M1.5 3.5h13v9h-13zM1.5 4l6.5 5 6.5-5",
  checks: "M2 8.5l3 3 3-3.5M9.5 4.5h5M9.5 8h5M9.5 11.5h5M2 4l1.5 1.5L6 2.8",
  attachment: "M13 7.5l-5.3 5.3a3.2 3.2 0 0 1-4.5-4.5l5.6-5.6a2.1 2.1 0 0 1 3 3L6.300 11.200a1 1 0 0 1-1.500-1.500l5-5",
};

/** A drawing that says nothing to a screen reader: its button or link has a name. */
export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": true, focusable: "false" },
    svg("path", { d: paths[name], fill: "none", stroke: "currentColor", "stroke-width": 1.4, "stroke-linecap": "round", "stroke-linejoin": "round" }));
}
