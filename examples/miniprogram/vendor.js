// Copies the two libraries that seal secret ballots into the package, as they are released but for one line:
// a mini-program has no module `crypto`, and chance comes from wx.getRandomValues.
const { readFileSync, writeFileSync } = require('node:fs');

const nacl = readFileSync('node_modules/tweetnacl/nacl-fast.min.js', 'utf8');
const parts = nacl.split('require("crypto")');
if (parts.length !== 2) throw new Error('tweetnacl asks for crypto in another way');
writeFileSync('miniprogram/vendor/nacl.js', parts.join('null'));
for (const name of ['blake2b', 'util']) writeFileSync(`miniprogram/vendor/${name}.js`, readFileSync(`node_modules/blakejs/${name}.js`));
