// Writes linli_scrutineer.html: the page with its script and the two libraries in it, one file that needs no network.
const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const built = path.join(__dirname, 'build');
const modules = [];
const names = new Map();

/** Put a module and what it requires into the script; its name there is a number. */
function add(file) {
  if (names.has(file)) return names.get(file);
  names.set(file, names.size);
  const text = readFileSync(file, 'utf8').replace(/require\("(\.[^"]+)"\)|require\('(\.[^']+)'\)/g, (_, one, other) => {
    const asked = path.resolve(path.dirname(file), one ?? other);
    return `require(${add(`${asked.replace(/\.js$/, '')}.js`)})`;
  });
  modules[names.get(file)] = `function (module, exports, require) {\n${text.trim()}\n}`;
  return names.get(file);
}

const main = add(path.join(built, 'scrutineer', 'page.js'));
const script = `'use strict';
const modules = [${modules.join(',\n')}], kept = {};
function require(name) {
  if (!kept[name]) {
    kept[name] = { exports: {} };
    modules[name](kept[name], kept[name].exports, require);
  }
  return kept[name].exports;
}
require(${main});
`;
if (/<\/script|<!--/.test(script)) throw new Error('the script would end early');
const page = readFileSync(path.join(__dirname, 'page.html'), 'utf8')
  .replace('SCRIPT_HASH', createHash('sha256').update(script).digest('base64'))
  .replace('SCRIPT</script>', () => `${script}</script>`);
writeFileSync(path.join(__dirname, 'linli_scrutineer.html'), page);
