/** A change of language stays in the section that is read: both editions have the same anchors. */
{
  const NEAR_THE_TOP = 160; // pixels: the heading is read while it is there

  const sectionInView = () =>
    [...document.querySelectorAll("section[id]")]
      .filter((section) => section.getBoundingClientRect().top < NEAR_THE_TOP)
      .at(-1);

  for (const link of document.querySelectorAll(".editions a")) {
    link.addEventListener("click", () => {
      const section = scrollY > 0 && sectionInView();
      link.hash = section ? section.id : location.hash;
    });
  }
}
