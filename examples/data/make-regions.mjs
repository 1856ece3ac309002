// Writes regions.ndjson from the JSON files of iso-codes: node make-regions.mjs [FOLDER] > regions.ndjson
import { readFileSync } from "node:fs";

const folder = process.argv[2] ?? "/usr/share/iso-codes/json";
const read = (standard) => JSON.parse(readFileSync(`${folder}/iso_${standard}.json`, "utf8"))[standard];

const countries = new Map(read("3166-1").map((country) => [country.alpha_2, country]));
const regions = read("3166-2").sort((a, b) => (a.code < b.code ? -1 : 1));

// Parents are written with or without the country before them.
const parentOf = ({ code, parent }) => (parent?.includes("-") ? parent : parent && `${code.slice(0, 2)}-${parent}`);
const partsOf = new Map();
for (const region of regions) {
  const parent = parentOf(region);
  if (parent) partsOf.set(parent, (partsOf.get(parent) ?? 0) + 1);
}
const level = (region) => {
  const parent = parentOf(region);
  return parent ? 1 + level(regions.find((other) => other.code === parent)) : 1;
};

for (const region of regions) {
  const country = countries.get(region.code.slice(0, 2));
  console.log(
    JSON.stringify({
      id: region.code,
      name: region.name,
      type: region.type,
      country: country.alpha_2,
      countryName: country.common_name ?? country.name,
      countryNumber: Number(country.numeric),
      level: level(region),
      parent: parentOf(region),
      parts: partsOf.get(region.code) ?? 0,
    }),
  );
}
