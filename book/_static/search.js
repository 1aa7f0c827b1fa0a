/**
 * What the search finds, best first.
 *
 * Sphinx shows the pages that have every word of the query. Here each section is a place with
 * names: its title, and the other names of other_names.toml, among them error messages. A place is
 * good if it answers much of the query, and if little of its name is left over. So a whole
 * traceback finds its message, and one strange word spoils nothing.
 *
 * Sphinx still reads the query's address, shows the list, and has the index (searchtools.js).
 */
{
  const MOST_WORDS = 300; // of a pasted text, its last ones: the message stands at the end
  const MOST_PLACES = 15;
  const LEAST_SCORE = 0.15; // of the best one's: a page with all words in its text has 0.2
  const IN_THE_TEXT = 0.25; // a word in a page's text, beside one in a name
  const PART_OF_A_WORD = 0.5; // "concat" in "concatenate"
  const SHORTEST_PART = 3;
  const LONGEST_NAME = 40; // that is shown; a longer one is an error message
  const MOST_STRANGE = 4; // words that are called missing; more are a pasted text
  const HAN = /\p{Script=Han}/u; // Chinese has no spaces between its words

  const FILLING = // the words of a question that are not its subject, beside Sphinx's own list
    "i me my mine we our you your what which who when where why how do does did can could should " +
    "would have has had am were been get got from than so just any some all best good s t";
  const SKIPPED = new Set([...stopwords, ...FILLING.split(" ")]);

  // In the language of the page; Sphinx's own way needs a script that our pages may not run.
  const WORDS = JSON.parse(document.getElementById("search-words").textContent);
  Object.assign(Documentation.TRANSLATIONS, WORDS);

  const stemmer = new Stemmer();
  const sum = (items, value) => items.reduce((total, item) => total + value(item), 0);
  const most = (items, value) => Math.max(0, ...items.map(value));

  /** Split a text into its telling words: no numbers, no "the". */
  const wordsOf = (text) => [
    ...new Set(
      splitQuery(text.toLowerCase()).filter((word) => !SKIPPED.has(word) && !/^\d+$/.test(word)),
    ),
  ];

  const stem = (word) => stemmer.stemWord(word);

  const escapeMarkup = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

  // ---------------------------------------------------------------- the book

  /**
   * Collect the pages and sections, each with its names.
   *
   * @returns {{ page: number, anchor: string, title: string,
   *   names: { text: string, words: string[] }[] }[]}
   */
  const placesIn = ({ alltitles, objects, indexentries }) => {
    const places = new Map();
    const addName = (page, anchor, text) => {
      const key = `${page}#${anchor}`;
      if (!places.has(key)) places.set(key, { page, anchor, title: text, names: [] });
      places.get(key).names.push({ text, words: wordsOf(text).map(stem) });
    };
    for (const [title, homes] of Object.entries(alltitles)) {
      for (const [page, anchor] of homes) addName(page, anchor ?? "", title);
    }
    for (const [module, members] of Object.entries(objects)) {
      for (const [page, , , anchor, member] of members) {
        if (anchor === "") addName(page, `${module}.${member}`, member);
      }
    }
    for (const [entry, homes] of Object.entries(indexentries)) {
      for (const [page, anchor, isOurs] of homes) if (isOurs) addName(page, anchor, entry);
    }
    return [...places.values()];
  };

  /** Map each word to the pages that have it, in their text or as a name. */
  const pagesOfWords = ({ terms, titleterms }, places) => {
    const pages = new Map();
    const addWord = (word, page) => {
      if (!pages.has(word)) pages.set(word, new Set());
      pages.get(word).add(page);
    };
    for (const [word, homes] of [...Object.entries(terms), ...Object.entries(titleterms)]) {
      for (const page of [homes].flat()) addWord(word, page); // one page stands as a number
    }
    for (const { page, names } of places) {
      for (const word of names.flatMap(({ words }) => words)) addWord(word, page);
    }
    return pages;
  };

  const readBook = (index) => {
    const places = placesIn(index);
    return { titles: index.titles, places, pages: pagesOfWords(index, places) };
  };

  /** A rare word weighs more. */
  const weigh = (word, book) =>
    Math.log(1 + book.titles.length / (book.pages.get(word)?.size ?? 1));

  // ---------------------------------------------------------------- the query

  /** Say how well a word of the book answers a word of the query, from 0 to 1. */
  const likeness = (asked, word) => {
    if (asked === word) return 1;
    if (HAN.test(asked) && HAN.test(word))
      return asked.includes(word) ? word.length / asked.length : 0;
    const isPart = asked.length >= SHORTEST_PART && word.startsWith(asked);
    return isPart ? PART_OF_A_WORD : 0;
  };

  /**
   * Find the words of the book that each word of a query asks for.
   *
   * @returns {{ written: string, weight: number, found: Map<string, number> }[]} each word found
   *   with its likeness
   */
  const readQuery = (text, book) =>
    wordsOf(text)
      .slice(-MOST_WORDS)
      .map((written) => {
        const asked = stem(written);
        const likes = [...book.pages.keys()].map((word) => [word, likeness(asked, word)]);
        const found = new Map(likes.filter(([, like]) => like > 0));
        return { written, weight: weigh(asked, book), found };
      });

  // ---------------------------------------------------------------- the ranking

  /** Score a name: how much of the query it answers, times the part of it that was asked for. */
  const scoreName = ({ words }, query, book) => {
    const answered = sum(
      query,
      ({ weight, found }) => weight * most(words, (word) => found.get(word) ?? 0),
    );
    const covered = sum(
      words,
      (word) => weigh(word, book) * most(query, ({ found }) => found.get(word) ?? 0),
    );
    return answered === 0 ? 0 : (answered * covered) / sum(words, (word) => weigh(word, book));
  };

  /** Score the text of a page: how much of the query it has. */
  const scoreText = (page, query, book) =>
    sum(query, ({ weight, found }) => {
      const here = [...found.keys()].filter((word) => book.pages.get(word).has(page));
      return weight * most(here, (word) => found.get(word));
    });

  /**
   * Rank the places of the book.
   *
   * @returns {{ place: object, name: string, score: number }[]} best first; `name` was meant
   */
  const rank = (query, book) => {
    const texts = book.titles.map((_, page) => IN_THE_TEXT * scoreText(page, query, book));
    const ranked = book.places.flatMap((place) => {
      const scores = place.names.map((name) => scoreName(name, query, book));
      const best = Math.max(...scores);
      if (best === 0 && (place.anchor !== "" || texts[place.page] === 0)) return [];
      const name = place.names[scores.indexOf(best)].text;
      return { place, name, score: best + texts[place.page] };
    });
    const isSection = ({ place }) => Number(place.anchor !== "");
    ranked.sort((one, other) => other.score - one.score || isSection(one) - isSection(other));
    return ranked.slice(0, MOST_PLACES).filter((r) => r.score >= LEAST_SCORE * ranked[0].score);
  };

  // ---------------------------------------------------------------- in Sphinx's place

  // A page that is opened as a file may not read others, so it quotes nothing of them.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  /** Write a link: the page, the section, and the other name that was meant. */
  const labelOf = ({ place, name }, titles) => {
    const section = place.anchor === "" ? "" : ` > ${escapeMarkup(place.title)}`;
    const isOther = name.toLowerCase() !== place.title.toLowerCase();
    const other = isOther && name.length <= LONGEST_NAME ? ` (${escapeMarkup(name)})` : "";
    return titles[place.page] + section + other;
  };

  /** Say what was found, in place of Sphinx's sentences. */
  const announce = (query) => {
    const strange = query.filter(({ found }) => found.size === 0).map(({ written }) => written);
    const missing = strange.length > MOST_STRANGE ? [] : strange;
    const notHere =
      missing.length > 0
        ? WORDS["Not in this book: {words}. "].replace("{words}", missing.join(", "))
        : "";
    const found = WORDS["Places found: {count}, the best first."].replace(
      "{count}",
      `\${resultCount}`,
    );
    Object.assign(Documentation.TRANSLATIONS, {
      "Search finished, found ${resultCount} page(s) matching the search query.": notHere + found,
      "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
        notHere + WORDS["Nothing was found."],
    });
    Search.status.setAttribute("role", "status");
  };

  let book = null;

  /** Return the results as Sphinx wants them: the best one last. */
  Search._performSearch = (text) => {
    const { docnames, filenames, titles } = Search._index;
    book ??= readBook(Search._index);
    const query = readQuery(text, book);
    announce(query);
    return rank(query, book)
      .map((result) => {
        const { page, anchor } = result.place;
        const address = anchor === "" ? "" : `#${anchor}`;
        const label = labelOf(result, titles);
        return [docnames[page], label, address, null, result.score, filenames[page]];
      })
      .reverse();
  };
}
