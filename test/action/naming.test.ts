import { describe, expect, it } from 'vitest';
import { executedOf, familyOf, plainName } from '../../src/action/family.ts';
import { kindOfFamilies, mainFamilies } from '../../src/action/kind.ts';
import { networkOf } from '../../src/action/network.ts';
import { familiesOfText } from '../../src/action/script.ts';
import { fileSubject } from '../../src/action/symbol.ts';

const NO_WRITES = { writes: [] };

describe('families of executed programs', () => {
  it.each([
    ['npm test', 'npm test'],
    ['npm t', 'npm test'],
    ['npm i left-pad', 'npm install'],
    ['npm --prefix web run build', 'npm run build'],
    ['npm run test:unit -- --watch', 'npm run test'],
    ['npm run my-own-thing', 'npm run script'],
    ['npm --version', 'npm'],
    ['node /usr/bin/npm run lint', 'npm run lint'],
    ['node /w/node_modules/.bin/eslint .', 'eslint'],
    ['node /w/node_modules/typescript/bin/tsc -p .', 'tsc'],
    ['node --test test/a.test.js', 'node --test'],
    ['node scripts/build.js', 'node script'],
    ['node -e console.log(1)', 'node -c'],
    ['python3.12 tool.py --x', 'python script'],
    ['python3 -m pytest -q', 'python -m pytest'],
    ['python3 -m pip install x', 'pip install'],
    ['python3 -m our_thing', 'python -m module'],
    ['python3 -c import os', 'python -c'],
    ['git -C /w commit -m x', 'git commit'],
    ['git checkout -b feature/x', 'git checkout'],
    ['git', 'git'],
    ['cargo test', 'cargo test'],
    ['pip3 install -r requirements.txt', 'pip install'],
    ['gcc-13 -o x x.c', 'gcc'],
    ['ugrep -rn due .', 'grep'],
    ['bun run dev', 'bun run dev'],
    ['bun server.ts', 'bun script'],
    ['curl https://a.test/1', 'curl'],
    ['java -Xmx64m -Dorg.gradle.appname=gradlew -jar /w/gradle/wrapper/gradle-wrapper.jar -q test', 'gradle test'],
    ['java -classpath x org.codehaus.plexus.classworlds.launcher.Launcher verify', 'mvn verify'],
    ['java -jar app.jar test', 'java script'],
    ['tool-4f3a9c2d1e0b', 'tool-#'],
    ['', ''],
  ])('%s is %s', (cmdline, family) => {
    const [name = ''] = cmdline.split(' ');
    expect(familyOf(executedOf(name, cmdline))).toBe(family);
  });

  it('are plain names', () => {
    expect(plainName('../../bin/we ird;name$(x)')).toBe('weirdnamex');
    expect(plainName('a'.repeat(100))).toHaveLength(32);
  });
});

describe('families of texts', () => {
  it.each([
    ['cd src && export A=1', ['cd', 'export']],
    ['echo x >> ~/.bashrc', ['echo']],
    ['if [ -f x ]; then npm test; fi', ['npm test']],
    ['A=1 timeout 5 npm run lint | tail -3', ['npm run lint', 'tail']],
    ['echo "$(git status)"', ['echo', 'git status']],
    ['for f in *.js; do node --check "$f"; done', ['node --check']],
    ['sudo apt-get install -y jq', ['apt-get install']],
    ['', []],
  ])('%s', (text, families) => {
    expect(familiesOfText(text)).toEqual(families);
  });
});

describe('kinds', () => {
  it.each([
    [['npm install'], 'install'],
    [['pip install'], 'install'],
    [['git add', 'git commit'], 'vcs'],
    [['gh pr'], 'vcs'],
    [['grep'], 'search'],
    [['cat'], 'file-read'],
    [['curl'], 'network'],
    [['curl', 'git push'], 'shell'],
    [['npm test'], 'shell'],
    [[], 'shell'],
  ])('%j is %s', (families, kind) => {
    expect(kindOfFamilies(families, NO_WRITES)).toBe(kind);
  });

  it('leave filters aside, unless there is nothing else', () => {
    expect(mainFamilies(['tail', 'npm test', 'head'])).toEqual(['npm test']);
    expect(mainFamilies(['tail', 'echo'])).toEqual(['echo', 'tail']);
  });
});

describe('networks', () => {
  it.each([
    ['127.0.0.53', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['fd00:ec2::254', 'link-local'],
    ['168.63.129.16', 'link-local'],
    ['100.100.100.200', 'link-local'],
    ['10.0.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['fc00::1', 'private'],
    ['8.8.8.8', 'public'],
    ['::ffff:8.8.8.8', 'public'],
    ['2001:db8::1', 'public'],
    ['not an address', 'public'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('subjects of files', () => {
  it.each([
    ['/w/src/a.js', 'workspace', 'workspace/js'],
    ['/w/src/A.TSX', 'workspace', 'workspace/tsx'],
    ['/w/Makefile', 'workspace', 'workspace'],
    ['/w/.gitignore', 'workspace', 'workspace'],
    ['/w/x.0a1b2c3d', 'workspace', 'workspace'],
    ['/tmp/x.js', 'temp', 'temp'],
  ])('%s in %s is %s', (path, name, subject) => {
    expect(fileSubject(path, name)).toBe(subject);
  });
});
